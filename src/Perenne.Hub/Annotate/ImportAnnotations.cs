using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Contracts.Collect;
using Perenne.Hub.Collect;
using Perenne.Hub.Organizations;
using Perenne.Hub.Share;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate;

/// <summary>
/// Keeps annotations that came with a data set: one imported annotation per image; the same again changes nothing, others become its next
/// revision. People's own annotations are never touched.
/// </summary>
internal static class ImportAnnotations
{
    public const int MaxItems = 1000;

    /// <param name="Source">Import, or Model: proposals that annotators may accept, which are no annotations yet.</param>
    internal sealed record Request(Guid OrganizationId, Guid ProjectId, IReadOnlyList<ImportedAnnotation>? Items, AnnotationSource Source = AnnotationSource.Import);

    internal sealed class Handler(HubDbContext db, WriteTurn turn, IdSource ids, TimeProvider time, Facts facts, RequeueProposed requeue)
    {
        public async Task<Result<AnnotationImportAnswer>> HandleAsync(Request request, CancellationToken cancel)
        {
            if (request.Items is not { Count: > 0 and <= MaxItems } items)
                return HubError.Invalid("items", $"Send 1 to {MaxItems} images' annotations at once.");
            HashSet<string> labels = await LabelsAsync(request.ProjectId, cancel);
            string[] hashes = [.. items.Select(item => item.Hash.ToLowerInvariant())];
            Dictionary<string, Guid> images = await db.Set<Image>()
                .Where(i => i.ProjectId == request.ProjectId && i.OrganizationId == request.OrganizationId && hashes.Contains(i.ContentHash))
                .ToDictionaryAsync(i => i.ContentHash, i => i.Id, cancel);

            List<string> refused = [];
            Dictionary<Guid, AnnotationDocument> sound = [];
            foreach (ImportedAnnotation item in items)
            {
                if (!images.TryGetValue(item.Hash.ToLowerInvariant(), out Guid image))
                    refused.Add($"{item.Hash}: the project has no image of this content; import the image first.");
                else if (DocumentCheck.Problems(item.Document, labels).FirstOrDefault() is { } problem)
                    refused.Add($"{item.Hash}: {problem}");
                else
                    sound[image] = item.Document;
            }

            AnnotationImportAnswer answer = new(0, 0, 0, refused);
            if (sound.Count > 0)
                await turn.RunAsync(db, async () => answer = await KeepAsync(request, sound, refused, cancel), cancel);
            return answer;
        }

        private async Task<HashSet<string>> LabelsAsync(Guid project, CancellationToken cancel)
        {
            SchemaVersion? schema = await db.Set<SchemaVersion>().AsNoTracking().Where(v => v.ProjectId == project).OrderByDescending(v => v.Number).FirstOrDefaultAsync(cancel);
            return [.. (schema?.Classes ?? []).Where(c => c.IsOffered).Select(c => c.Name)];
        }

        private async Task<AnnotationImportAnswer> KeepAsync(Request request, Dictionary<Guid, AnnotationDocument> sound, List<string> refused, CancellationToken cancel)
        {
            Guid[] images = [.. sound.Keys];
            Dictionary<Guid, Annotation> known = await db.Set<Annotation>().Where(a => images.Contains(a.ImageId) && a.ProjectId == request.ProjectId && a.Source == request.Source)
                .ToDictionaryAsync(a => a.ImageId, cancel);
            int added = 0, changed = 0, unchanged = 0;
            List<Annotation> kept = [];
            foreach ((Guid image, AnnotationDocument document) in sound)
            {
                if (known.TryGetValue(image, out Annotation? annotation) && annotation.Document.Equals(document))
                {
                    unchanged++;
                    continue;
                }

                _ = annotation is null ? added++ : changed++;
                kept.Add(Keep(request, image, document, annotation));
            }

            await db.SaveChangesAsync(cancel);
            if (request.Source == AnnotationSource.Model)
            {
                await requeue.HandleAsync(request.ProjectId, kept, cancel);
                return new(added, changed, unchanged, refused);
            }

            foreach (Annotation annotation in kept)
                await facts.ImportedAsync(annotation, cancel);
            await db.Set<Image>().Where(i => images.Contains(i.Id) && !i.IsAnnotated).ExecuteUpdateAsync(set => set.SetProperty(i => i.IsAnnotated, true), cancel);
            return new(added, changed, unchanged, refused);
        }

        private Annotation Keep(Request request, Guid image, AnnotationDocument document, Annotation? annotation)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (annotation is null)
            {
                annotation = new()
                {
                    Id = ids.Next(), OrganizationId = request.OrganizationId, ProjectId = request.ProjectId, ImageId = image,
                    Source = request.Source, Document = document, CreatedAt = now, ChangedAt = now,
                };
                db.Add(annotation);
            }

            (annotation.Document, annotation.Shapes, annotation.ChangedAt) = (document, document.Shapes.Length, now);
            annotation.Uncertainty = request.Source == AnnotationSource.Model ? ProposalFacts.Uncertainty(document) : null;
            annotation.Revision++;
            db.Add(new AnnotationRevision
            {
                Id = ids.Next(), OrganizationId = request.OrganizationId, AnnotationId = annotation.Id, Number = annotation.Revision,
                Kind = RevisionKind.Imported, At = now, Document = document,
            });
            return annotation;
        }
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder annotations = routes.MapGroup("/api/v1/organizations/{organization}/projects/{project}/annotations");
        annotations.MapPost("/import", (HttpContext http, Handler handler, CancellationToken cancel) => AnswerAsync(http, handler, AnnotationSource.Import, cancel))
            .Requires(HubAction.AnnotationsAdd).WithTags("Annotations").WithName("ImportAnnotations").WithSummary("Add annotations made elsewhere to images of the project.");
        annotations.MapPost("/proposals", (HttpContext http, Handler handler, CancellationToken cancel) => AnswerAsync(http, handler, AnnotationSource.Model, cancel))
            .Requires(HubAction.AnnotationsAdd).WithTags("Annotations").WithName("ProposeAnnotations").WithSummary("A model's proposals for images of the project, shown to annotators as dashed shapes; the newest of an image replaces the one before.");
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, Handler handler, AnnotationSource source, CancellationToken cancel)
    {
        AnnotationImport? import;
        try
        {
            import = await http.Request.ReadFromJsonAsync<AnnotationImport>(AnnotationJson.Options, cancel);
        }
        catch (System.Text.Json.JsonException error)
        {
            return HubError.Invalid(error.Path ?? "body", $"Not a list of annotation documents: {error.Message}").ToProblem();
        }

        return (await handler.HandleAsync(new(http.OrganizationId(), http.ProjectId(), import?.Items, source), cancel)).ToOk();
    }
}
