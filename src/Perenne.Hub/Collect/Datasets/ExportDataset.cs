using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Contracts.Collect;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Organizations;
using Perenne.Hub.Share.Exports;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Collect.Datasets;

/// <summary>
/// Streams images with their newest annotations, oldest image first, one JSON line each: a steady few hundred rows in memory however many
/// there are. Keyset pages instead of one open query, so that a slow reader holds no database connection.
/// </summary>
internal static class ExportDataset
{
    internal sealed class Handler(HubDbContext db, ExportRows rows)
    {
        public async IAsyncEnumerable<ExportedImage> HandleAsync(Guid project, List<Guid> organizations, ImageFilter filter, [EnumeratorCancellation] CancellationToken cancel)
        {
            Dictionary<Guid, string> slugs = await db.Set<Organization>().Where(o => organizations.Contains(o.Id)).ToDictionaryAsync(o => o.Id, o => o.Slug, cancel);
            foreach (Guid organization in organizations.OrderBy(o => slugs[o], StringComparer.Ordinal))
            {
                IQueryable<Image> images = filter.Apply(db.Set<Image>().Where(i => i.ProjectId == project && i.OrganizationId == organization), db);
                Guid last = Guid.Empty;
                while (await rows.PageAsync(images, slugs[organization], ExportSource.Newest, last, cancel) is { } page)
                {
                    last = page.Last;
                    foreach (ExportedImage image in page.Images)
                        yield return image;
                }
            }
        }
    }

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/projects/{project}/export", async (HttpContext http, HubDbContext db, Handler handler, [AsParameters] ImageQuery query, CancellationToken cancel) =>
        {
            ImageFilter filter = query.ToFilter();
            Result<List<Guid>> organizations = await VisibleOrganizations.InAsync(db, http.ProjectId(), null, filter.Organization, cancel);
            if (!organizations.Succeeded)
            {
                await organizations.Error.ToProblem().ExecuteAsync(http);
                return;
            }

            http.Response.ContentType = "application/x-ndjson";
            await foreach (ExportedImage image in handler.HandleAsync(http.ProjectId(), organizations.Value, filter, cancel))
            {
                await JsonSerializer.SerializeAsync(http.Response.Body, image, AnnotationJson.Options, cancel);
                await http.Response.Body.WriteAsync("\n"u8.ToArray(), cancel);
            }
        }).Requires(HubAction.ImagesExport).WithName("ExportDataset")
            .WithSummary("The images of a project with their newest annotations, one JSON line each, as 'perenne export' reads them.");
}
