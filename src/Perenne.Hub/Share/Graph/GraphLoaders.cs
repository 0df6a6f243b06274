using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Organizations;
using Perenne.Hub.Share.Feed;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Share.Graph;

/// <summary>The batches of one query.</summary>
internal sealed class GraphLoaders(HubDbContext db, GraphAccess access, ListAnnotations annotations)
{
    private readonly Dictionary<(Guid, string), object> batches = [];

    public GraphBatch<Guid, GraphOrganization> Organizations(GraphProject project) => Batch<GraphOrganization>(project, "organizations", HubAction.ProjectRead, async ids =>
        await db.Set<Organization>().Where(o => ids.Contains(o.Id)).Select(o => new GraphOrganization(o.Id, o.Slug, o.Name)).ToDictionaryAsync(o => o.Id));

    public GraphBatch<Guid, GraphImage> Images(GraphProject project) => Batch<GraphImage>(project, "images", HubAction.ImagesRead, async ids =>
        (await ListImages.Listed(db.Set<Image>().Where(i => i.ProjectId == project.Id && ids.Contains(i.Id))).ToListAsync()).ToDictionary(i => i.Id, i => ToGraph(project, i)));

    /// <summary>By image.</summary>
    public GraphBatch<Guid, GraphAnnotation> Truths(GraphProject project) => Batch<GraphAnnotation>(project, "truths", HubAction.AnnotationsRead, async ids =>
    {
        List<ChangedAnnotation> rows = await db.Set<ChangedAnnotation>().AsNoTracking()
            .Where(c => c.Stage == AnnotationStage.GroundTruth && ids.Contains(c.SubjectId) && !c.IsWithdrawn).ToListAsync();
        return (await annotations.WithDocumentsAsync(rows, AnnotationStage.GroundTruth, default)).ToDictionary(a => a.ImageId, a => GraphAnnotation.Of(project, a));
    });

    public static GraphImage ToGraph(GraphProject project, ListedImage i) => new(
        project, i.Id, i.OrganizationId, i.FileName, i.ContentHash, i.Width, i.Height, i.Camera, i.PartId, i.Batch, i.CapturedAt, i.ArrivedAt, i.Quality, i.QualityScore, i.QualityReasons, i.IsAnnotated);

    private GraphBatch<Guid, T> Batch<T>(GraphProject project, string name, HubAction action, Func<IReadOnlyList<Guid>, Task<Dictionary<Guid, T>>> fetch)
    {
        if (!batches.TryGetValue((project.Id, name), out object? batch))
            batches[(project.Id, name)] = batch = new GraphBatch<Guid, T>(keys => access.ReadAsync<Dictionary<Guid, T>>(project, action, () => fetch(keys)));
        return (GraphBatch<Guid, T>)batch;
    }
}
