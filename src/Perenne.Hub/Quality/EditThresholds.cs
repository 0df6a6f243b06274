using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Shared.Work;
using Perenne.Imaging;

namespace Perenne.Hub.Quality;

/// <summary>A project's quality thresholds. A change is audited and judges all images of the project again in the background.</summary>
internal static class EditThresholds
{
    internal sealed class Handler(HubDbContext db, WriteTurn turn, WorkQueue work, AuditLog audit, TimeProvider time)
    {
        public Task<QualityThresholds> ReadAsync(Guid project, CancellationToken cancel) => ProjectJudge.ThresholdsAsync(db, project, cancel);

        public async Task<Result<QualityThresholds>> HandleAsync(Guid project, QualityThresholds next, CancellationToken cancel)
        {
            if (Problem(next) is { } problem)
                return problem;
            Project? row = await db.Set<Project>().AsNoTracking().SingleOrDefaultAsync(p => p.Id == project && db.Set<Organization>().Any(o => o.Id == p.OwnerOrganizationId), cancel);
            if (row is null)
                return HubError.Forbidden("The thresholds belong to the organization that owns the project; ask somebody there.");
            QualityThresholds before = await ReadAsync(project, cancel);
            if (before == next)
                return next;
            await turn.RunAsync(db, async () =>
            {
                QualitySettings? settings = await db.Set<QualitySettings>().SingleOrDefaultAsync(s => s.ProjectId == project, cancel);
                if (settings is null)
                    db.Add(new QualitySettings { ProjectId = project, Thresholds = QualityJson.Write(next), ChangedAt = time.GetUtcNow() });
                else
                    (settings.Thresholds, settings.ChangedAt) = (QualityJson.Write(next), time.GetUtcNow());
                audit.Record(row.OwnerOrganizationId, "quality.thresholds-changed", row.Name, before, next);
                await db.SaveChangesAsync(cancel);
                await work.AddAsync(db, row.OwnerOrganizationId, WorkKinds.Rejudge, project, cancel);
            }, cancel);
            return next;
        }

        private static HubError? Problem(QualityThresholds t)
        {
            (string Name, double Value, double Low, double High)[] bounds =
            [
                ("coldDarkP99", t.ColdDarkP99, 0, 1), ("coldLightP5", t.ColdLightP5, 0, 1), ("minEntropy", t.MinEntropy, 0, 8), ("minContrast", t.MinContrast, 0, 0.5),
                ("profileImages", t.ProfileImages, 5, 1000), ("flagDeviation", t.FlagDeviation, 1, 1000), ("rejectDeviation", t.RejectDeviation, 1, 1000),
                ("factShare", t.FactShare, 0, 1), ("minVisible", t.MinVisible, 0, 1), ("maxShift", t.MaxShift, 0, 1), ("minSide", t.MinSide, 1, 30_000),
            ];
            foreach ((string name, double value, double low, double high) in bounds)
            {
                if (!(value >= low && value <= high))
                    return HubError.Invalid(name, FormattableString.Invariant($"'{name}' is {value}; it must lie between {low} and {high}."));
            }

            return t.RejectDeviation >= t.FlagDeviation ? null : HubError.Invalid("rejectDeviation", "An image must not be rejected before it is flagged: 'rejectDeviation' is at least 'flagDeviation'.");
        }
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/projects/{project}/quality/thresholds", async (HttpContext http, Handler handler, CancellationToken cancel) =>
            TypedResults.Ok(await handler.ReadAsync(http.ProjectId(), cancel))).Requires(HubAction.ImagesRead).WithName("GetQualityThresholds")
            .WithSummary("The thresholds of the project's quality checks.");
        routes.MapPut("/api/v1/projects/{project}/quality/thresholds", async (HttpContext http, QualityThresholds thresholds, Handler handler, CancellationToken cancel) =>
            (await handler.HandleAsync(http.ProjectId(), thresholds, cancel)).ToOk()).Requires(HubAction.QualityEdit).WithName("EditQualityThresholds")
            .WithSummary("Change the thresholds of the project's quality checks.");
    }
}
