using Perenne.Contracts.Annotation;
using Perenne.Hub.Agree.Figures;
using Perenne.Hub.Annotate;
using Perenne.Hub.Collect;
using Perenne.Hub.Review;
using Perenne.Hub.Share.Feed;

namespace Perenne.Hub.Share.Graph;

// What the graph shows. Properties named Project are not part of it: they carry the rights to the fields below.

internal sealed record GraphOrganization(Guid Id, string Slug, string Name);

internal sealed record GraphProject(Guid Id, string Slug, string Name, IReadOnlyList<Guid> OrganizationIds);

internal sealed record GraphPageInfo(bool HasNextPage, string? EndCursor);

internal sealed record GraphImage(
    GraphProject Project, Guid Id, Guid OrganizationId, string FileName, string Hash, int Width, int Height, string? Camera, string? PartId, string? Batch,
    DateTimeOffset? CapturedAt, DateTimeOffset ArrivedAt, ImageQuality Quality, double QualityScore, IReadOnlyList<string> QualityReasons, bool IsAnnotated);

internal sealed record GraphImages(IReadOnlyList<GraphImage> Nodes, GraphPageInfo PageInfo);

internal sealed record GraphMask(IReadOnlyList<int> Size, string Counts);

/// <summary>One of the geometries is set, by kind.</summary>
internal sealed record GraphShape(
    string Id, string Kind, string Label, double? Score, IReadOnlyList<double>? Box, IReadOnlyList<double>? RotatedBox, IReadOnlyList<double>? Point,
    IReadOnlyList<IReadOnlyList<double>>? Points, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>>? Rings, GraphMask? Mask)
{
    public static GraphShape Of(DocumentShape shape)
    {
        GraphShape none = new(shape.Id, "", shape.Label, shape.Score, null, null, null, null, null, null);
        return shape switch
        {
            DocumentBox b => none with { Kind = "box", Box = b.Box },
            DocumentRotatedBox r => none with { Kind = "rotatedBox", RotatedBox = r.RotatedBox },
            DocumentPoint p => none with { Kind = "point", Point = p.Point },
            DocumentPolyline l => none with { Kind = "polyline", Points = [.. l.Points.Select(p => (IReadOnlyList<double>)p)] },
            DocumentPolygon g => none with { Kind = "polygon", Rings = [.. g.Rings.Select(r => (IReadOnlyList<IReadOnlyList<double>>)[.. r.Select(p => (IReadOnlyList<double>)p)])] },
            DocumentMask m => none with { Kind = "mask", Mask = new(m.Mask.Size, m.Mask.Counts) },
            _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "An unknown kind of shape."),
        };
    }
}

internal sealed record GraphValue(string Name, double Value);

internal sealed record GraphAnnotation(
    GraphProject Project, Guid Id, Guid ImageId, Guid? CampaignId, AnnotationStage State, int Revision, Guid? AuthorId, ReviewVerdict? Verdict, bool Withdrawn, DateTimeOffset ChangedAt,
    ImageVerdict? Answer, IReadOnlyList<GraphShape> Shapes, IReadOnlyList<string> Tags, IReadOnlyList<GraphValue> Values)
{
    public static GraphAnnotation Of(GraphProject project, SharedAnnotation a) => new(
        project, a.AnnotationId, a.ImageId, a.CampaignId, a.State, a.Revision, a.AuthorId, a.Verdict, a.Withdrawn, a.ChangedAt, a.Document?.Verdict,
        a.Document is { } d ? [.. d.Shapes.Select(GraphShape.Of)] : [], a.Document is { } t ? t.Tags : [], a.Document is { } v ? [.. v.Values.Select(p => new GraphValue(p.Key, p.Value))] : []);
}

internal sealed record GraphAnnotations(IReadOnlyList<GraphAnnotation> Nodes, GraphPageInfo PageInfo);

internal sealed record GraphCampaign(GraphProject Project, Guid Id, Guid OrganizationId, string Name, CampaignState State, int Target, DateOnly? DueOn, DateTimeOffset CreatedAt, CampaignTotals Totals)
{
    public static GraphCampaign Of(GraphProject project, CampaignRow c) => new(project, c.Id, c.OrganizationId, c.Name, c.State, c.Target, c.DueOn, c.CreatedAt, c.Totals);
}

internal sealed record GraphAgreement(int Images, int Sampled, ScopeFigures Overall, IReadOnlyList<ScopeFigures> ByClass, IReadOnlyList<ScopeFigures> ByOrganization, IReadOnlyList<PersonFigures> People, IReadOnlyList<PairRow> Pairs)
{
    public static GraphAgreement Of(AgreementReport r) => new(r.Images, r.Sampled, r.Overall, r.ByClass, r.ByOrganization, r.People, r.Pairs);
}
