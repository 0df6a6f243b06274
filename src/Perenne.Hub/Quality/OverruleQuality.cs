using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Quality;

/// <summary>A person decides otherwise than the measures, with a reason; or takes that back. Accepted images teach the camera's profile.</summary>
internal static class OverruleQuality
{
    /// <param name="Verdict">Null takes a former overruling back.</param>
    internal sealed record Request(ImageQuality? Verdict, string? Reason);

    internal sealed class Handler(HubDbContext db, WriteTurn turn, WorkQueue work, CurrentAccess access, IdSource ids, TimeProvider time)
    {
        public async Task<Result<Done>> HandleAsync(Guid project, Guid image, Request request, CancellationToken cancel)
        {
            string reason = request.Reason?.Trim() ?? "";
            if (request.Verdict is not null && reason.Length is 0 or > 1000)
                return HubError.Invalid("reason", "Say in 1 to 1,000 characters why the verdict is changed.");
            if (!await db.Set<QualityReport>().AnyAsync(r => r.ImageId == image && r.ProjectId == project, cancel))
                return HubError.NotFound("The image");
            await turn.RunAsync(db, () => ChangeAsync(image, request.Verdict, reason, cancel), cancel);
            return new Done();
        }

        private async Task ChangeAsync(Guid image, ImageQuality? verdict, string reason, CancellationToken cancel)
        {
            QualityReport report = await db.Set<QualityReport>().SingleAsync(r => r.ImageId == image, cancel);
            ImageQuality before = report.Overruled ?? report.Judged;
            report.Overruled = verdict;
            (report.OverruledReason, report.OverruledBy, report.OverruledAt) = verdict is null ? ((string?)null, (string?)null, (DateTimeOffset?)null) : (reason, access.Actor.Name, time.GetUtcNow());
            db.Add(new ImageEvent
            {
                Id = ids.Next(), OrganizationId = report.OrganizationId, ImageId = image, At = time.GetUtcNow(), ActorId = access.Actor.Id, ActorName = access.Actor.Name,
                Kind = verdict is null ? "quality.overruling-withdrawn" : "quality.overruled", Detail = QualityJson.Write(new { before, after = verdict ?? report.Judged, reason }),
            });
            await ImageVerdicts.SetAsync(db, report, cancel);
            if (report.ProfileId is { } profile)
                await work.AddAsync(db, report.OrganizationId, WorkKinds.CameraProfile, profile, cancel, TimeSpan.FromSeconds(10));
        }
    }

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/api/v1/projects/{project}/images/{image:guid}/quality", async (HttpContext http, Guid image, Request request, Handler handler, CancellationToken cancel) =>
            (await handler.HandleAsync(http.ProjectId(), image, request, cancel)).ToOk()).Requires(HubAction.QualityOverrule).WithName("OverruleQuality")
            .WithSummary("Overrule the quality verdict on an image, with a reason; recorded.");
}
