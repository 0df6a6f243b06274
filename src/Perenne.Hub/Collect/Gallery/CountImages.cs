using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Collect.Gallery;

/// <summary>How many images a filter shows: exact from the counters where they know, else counted up to a cap.</summary>
internal static class CountImages
{
    /// <summary>Beyond it the gallery says "10,000+".</summary>
    public const int Cap = 10_000;

    internal sealed record Request(Guid ProjectId, Guid? OrganizationId, ImageFilter Filter);

    /// <param name="Count">At most <see cref="Cap"/> unless exact.</param>
    /// <param name="IsExact">False: at least this many.</param>
    internal sealed record Answer(long Count, bool IsExact);

    internal sealed class Handler(HubDbContext db)
    {
        public async Task<Result<Answer>> HandleAsync(Request request, CancellationToken cancel)
        {
            Result<List<Guid>> organizations = await VisibleOrganizations.InAsync(db, request.ProjectId, request.OrganizationId, request.Filter.Organization, cancel);
            if (!organizations.Succeeded)
                return organizations.Error;
            if (request.Filter.IsCounted)
                return new Answer(await FromCountersAsync(request, organizations.Value, cancel), IsExact: true);

            long total = 0;
            foreach (Guid organization in organizations.Value)
            {
                IQueryable<Image> images = request.Filter.Apply(db.Set<Image>().Where(i => i.ProjectId == request.ProjectId && i.OrganizationId == organization), db);
                total += await images.Select(i => i.Id).Take(Cap + 1).CountAsync(cancel);
                if (total > Cap)
                    return new Answer(Cap, IsExact: false);
            }

            return new Answer(total, IsExact: true);
        }

        private Task<long> FromCountersAsync(Request request, List<Guid> organizations, CancellationToken cancel)
        {
            ImageQuality? quality = request.Filter.Quality;
            return db.Set<ImageCounter>()
                .Where(c => c.ProjectId == request.ProjectId && organizations.Contains(c.OrganizationId) && (quality == null || c.Quality == quality))
                .SumAsync(c => c.Count, cancel);
        }
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/projects/{project}/images/count", (HttpContext http, Handler handler, [AsParameters] ImageQuery query, CancellationToken cancel) =>
            AnswerAsync(http, handler, null, query, cancel)).Requires(HubAction.ImagesRead).WithName("CountImages")
            .WithSummary("How many images of a project match a filter, in all your organizations.");
        routes.MapGet("/api/v1/organizations/{organization}/projects/{project}/images/count", (HttpContext http, Handler handler, [AsParameters] ImageQuery query, CancellationToken cancel) =>
            AnswerAsync(http, handler, http.OrganizationId(), query, cancel)).Requires(HubAction.ImagesRead).WithName("CountOrganizationImages")
            .WithSummary("How many images of a project match a filter, in one organization.");
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, Handler handler, Guid? organization, ImageQuery query, CancellationToken cancel) =>
        (await handler.HandleAsync(new(http.ProjectId(), organization, query.ToFilter()), cancel)).ToOk();
}
