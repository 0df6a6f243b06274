using System.Text.Json;
using Perenne.Contracts.Annotation;

namespace Perenne.Hub.Datasets;

/// <summary>The geometry of a shape alone: its kind and its coordinates, without id, label and author.</summary>
internal static class ShapeText
{
    public static string Of(DocumentShape shape) => shape.Kind + Geometry(shape);

    /// <summary>As docs/annotation-document.md has it: [x, y, width, height] of a box, rings of a polygon, …</summary>
    public static string Geometry(DocumentShape shape) => shape switch
    {
        DocumentBox { Box: var box } => JsonSerializer.Serialize(box),
        DocumentRotatedBox { RotatedBox: var box } => JsonSerializer.Serialize(box),
        DocumentPolygon { Rings: var rings } => JsonSerializer.Serialize(rings),
        DocumentPolyline { Points: var points } => JsonSerializer.Serialize(points),
        DocumentPoint { Point: var point } => JsonSerializer.Serialize(point),
        DocumentMask { Mask: var mask } => JsonSerializer.Serialize(mask, JsonSerializerOptions.Web),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "An unknown kind of shape."),
    };
}
