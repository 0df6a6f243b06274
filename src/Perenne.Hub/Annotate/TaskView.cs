using Perenne.Contracts.Annotation;
using Perenne.Hub.Collect;
using Perenne.Hub.Organizations;
using Perenne.Hub.Review;

namespace Perenne.Hub.Annotate;

/// <summary>A task as the canvas reads it (web/annotator/src/contract.ts). The fence travels as text: JavaScript's numbers end at 2^53.</summary>
internal sealed record TaskView(
    Guid Id, string Lease, int Revision, AnnotationDocument Document, TaskPicture Image, string Title, IReadOnlyList<TaskClass> Classes, IReadOnlyList<string>? Kinds,
    IReadOnlyList<string>? TagClasses, IReadOnlyList<ImageValueRule>? Values, IReadOnlyList<DocumentShape>? Proposals, bool ProposalsAfterFirstShape, AnnotationDocument? Previous,
    IReadOnlyList<PinnedComment>? Comments, string Mode, AnnotationDocument? Before, IReadOnlyList<OtherAnswer>? Others = null, IReadOnlyList<ShapeHistory>? History = null);

/// <summary>What somebody else says of the same image, to be picked from.</summary>
internal sealed record OtherAnswer(string Author, AnnotationDocument Document);

/// <param name="Type">"plain" (one file at <paramref name="Url"/>) or "tiled" (…<paramref name="Url"/>/level/column/row).</param>
internal sealed record TaskPicture(string Type, int Width, int Height, string Url, int? TileSize, int? Levels)
{
    private const int TileSide = 512;

    // Above that a browser decodes noticeably longer than it fetches the tiles it shows.
    private const long LargestPlain = 4_000_000;

    public static TaskPicture Of(Image image)
    {
        string address = $"/api/v1/projects/{image.ProjectId}/images/{image.Id}";
        bool browsersReadIt = image is { Format: "jpeg" or "png" or "webp" or "bmp", BitDepth: 8, Orientation: 1 };
        if (browsersReadIt && (long)image.Width * image.Height <= LargestPlain)
            return new("plain", image.Width, image.Height, address + "/original", null, null);
        int levels = 1;
        for (int side = Math.Max(image.Width, image.Height); side > TileSide; side = (side + 1) / 2)
            levels++;
        return new("tiled", image.Width, image.Height, address + "/tiles", TileSide, levels);
    }
}

internal sealed record TaskClass(string Name, string Color, string? Key, string? Description, IReadOnlyList<TaskAttribute> Attributes)
{
    public static TaskClass Of(LabelClass one) => new(
        one.Name, one.Colour, one.HotKey is [>= '0' and <= '9'] ? one.HotKey : null, one.Description.Length > 0 ? one.Description : null,
        [.. one.Attributes.Select(a => new TaskAttribute(a.Name, TypeOf(a.Type), a.Type == AttributeType.Select ? a.Options : null))]);

    private static string TypeOf(AttributeType type) => type switch
    {
        AttributeType.Number => "number",
        AttributeType.Select => "choice",
        AttributeType.Checkbox => "boolean",
        _ => "text",
    };
}

internal sealed record TaskAttribute(string Name, string Type, IReadOnlyList<string>? Options);
