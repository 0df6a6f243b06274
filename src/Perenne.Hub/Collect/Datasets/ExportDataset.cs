using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Contracts.Collect;
using Perenne.Hub.Annotate;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Organizations;
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
    private const int PageSize = 300;

    internal sealed class Handler(HubDbContext db)
    {
        public async IAsyncEnumerable<ExportedImage> HandleAsync(Guid project, List<Guid> organizations, ImageFilter filter, [EnumeratorCancellation] CancellationToken cancel)
        {
            Dictionary<Guid, string> slugs = await db.Set<Organization>().Where(o => organizations.Contains(o.Id)).ToDictionaryAsync(o => o.Id, o => o.Slug, cancel);
            foreach (Guid organization in organizations)
            {
                Guid last = Guid.Empty;
                while (true)
                {
                    Guid after = last;
                    List<Image> page = await filter.Apply(db.Set<Image>().AsNoTracking().Where(i => i.ProjectId == project && i.OrganizationId == organization), db)
                        .Where(i => i.Id > after).OrderBy(i => i.Id).Take(PageSize).ToListAsync(cancel);
                    if (page.Count == 0)
                        break;
                    last = page[^1].Id;
                    Dictionary<Guid, AnnotationDocument> documents = await DocumentsAsync([.. page.Where(i => i.IsAnnotated).Select(i => i.Id)], cancel);
                    foreach (Image image in page)
                        yield return Export(image, slugs[organization], documents.GetValueOrDefault(image.Id));
                }
            }
        }

        /// <summary>The newest consensus, else the newest of a person, else the imported one.</summary>
        private async Task<Dictionary<Guid, AnnotationDocument>> DocumentsAsync(List<Guid> images, CancellationToken cancel)
        {
            List<Annotation> found = await db.Set<Annotation>().AsNoTracking()
                .Where(a => images.Contains(a.ImageId) && a.Source != AnnotationSource.Model && a.Revision > 0).ToListAsync(cancel);
            return found.GroupBy(a => a.ImageId).ToDictionary(group => group.Key, group => group
                .OrderBy(a => a.Source switch { AnnotationSource.Consensus => 0, AnnotationSource.Person => 1, _ => 2 }).ThenByDescending(a => a.ChangedAt).First().Document);
        }

        private static ExportedImage Export(Image image, string organization, AnnotationDocument? document)
        {
            Dictionary<string, string> metadata = JsonSerializer.Deserialize<Dictionary<string, string>>(image.Metadata) ?? [];
            return new(image.Id, organization, image.FileName, image.ContentHash, image.Width, image.Height,
                metadata.GetValueOrDefault("path"), metadata.GetValueOrDefault("split"), image.GroupKey, document);
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
            .WithSummary("The images of a project with their annotations, as one archive in the asked format.");
}
