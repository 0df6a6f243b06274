using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Perenne.Contracts.Annotation;

/// <summary>One shape of an annotation document. The kind decides which geometry property it has.</summary>
/// <param name="Id">Unique in the document; made by whoever drew the shape and never changed.</param>
/// <param name="Label">Name of a label class of the project.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(DocumentBox), "box")]
[JsonDerivedType(typeof(DocumentRotatedBox), "rotatedBox")]
[JsonDerivedType(typeof(DocumentPolygon), "polygon")]
[JsonDerivedType(typeof(DocumentPolyline), "polyline")]
[JsonDerivedType(typeof(DocumentPoint), "point")]
[JsonDerivedType(typeof(DocumentMask), "mask")]
public abstract record DocumentShape(string Id, string Label)
{
    /// <summary>"box", "rotatedBox", "polygon", "polyline", "point" or "mask".</summary>
    [JsonIgnore]
    public string Kind => this switch
    {
        DocumentBox => "box",
        DocumentRotatedBox => "rotatedBox",
        DocumentPolygon => "polygon",
        DocumentPolyline => "polyline",
        DocumentPoint => "point",
        DocumentMask => "mask",
        _ => throw new NotSupportedException("An unknown kind of shape."),
    };

    /// <summary>Answers to the label class's attributes: text, number, true/false or null.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Attributes { get; init; } = ImmutableSortedDictionary<string, JsonElement>.Empty;

    /// <summary>User id of the author; a reviewer's fix leaves it as it was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CreatedBy { get; init; }

    /// <summary>Confidence 0 to 1 of the model that proposed the shape; null for shapes drawn by hand.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Score { get; init; }

    /// <inheritdoc/>
    public virtual bool Equals(DocumentShape? other) => other is not null && EqualityContract == other.EqualityContract
        && Id == other.Id && Label == other.Label && CreatedBy == other.CreatedBy && Score.Equals(other.Score)
        && Attributes.Count == other.Attributes.Count
        && Attributes.Zip(other.Attributes).All(pair => pair.First.Key == pair.Second.Key && JsonElement.DeepEquals(pair.First.Value, pair.Second.Value));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Label);
}

/// <summary>An axis-aligned box.</summary>
/// <param name="Id">Unique in the document.</param>
/// <param name="Label">Label class.</param>
/// <param name="Box">[x, y, width, height], upper-left corner; width and height &gt; 0.</param>
public sealed record DocumentBox(string Id, string Label, ImmutableArray<double> Box) : DocumentShape(Id, Label)
{
    /// <inheritdoc/>
    public bool Equals(DocumentBox? other) => base.Equals(other) && Box.AsSpan().SequenceEqual(other.Box.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();
}

/// <summary>A rotated box.</summary>
/// <param name="Id">Unique in the document.</param>
/// <param name="Label">Label class.</param>
/// <param name="RotatedBox">[centre x, centre y, width, height, degrees clockwise on the screen].</param>
public sealed record DocumentRotatedBox(string Id, string Label, ImmutableArray<double> RotatedBox) : DocumentShape(Id, Label)
{
    /// <inheritdoc/>
    public bool Equals(DocumentRotatedBox? other) => base.Equals(other) && RotatedBox.AsSpan().SequenceEqual(other.RotatedBox.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();
}

/// <summary>A polygon: rings under the even-odd rule, not closed, at least 3 points each.</summary>
/// <param name="Id">Unique in the document.</param>
/// <param name="Label">Label class.</param>
/// <param name="Rings">Rings of [x, y] points.</param>
public sealed record DocumentPolygon(string Id, string Label, ImmutableArray<ImmutableArray<ImmutableArray<double>>> Rings) : DocumentShape(Id, Label)
{
    /// <inheritdoc/>
    public bool Equals(DocumentPolygon? other) => base.Equals(other) && Rings.Length == other.Rings.Length
        && Rings.Zip(other.Rings).All(pair => Positions.Equal(pair.First, pair.Second));

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();
}

/// <summary>An open line of at least 2 points.</summary>
/// <param name="Id">Unique in the document.</param>
/// <param name="Label">Label class.</param>
/// <param name="Points">[x, y] points.</param>
public sealed record DocumentPolyline(string Id, string Label, ImmutableArray<ImmutableArray<double>> Points) : DocumentShape(Id, Label)
{
    /// <inheritdoc/>
    public bool Equals(DocumentPolyline? other) => base.Equals(other) && Positions.Equal(Points, other.Points);

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();
}

/// <summary>A single point.</summary>
/// <param name="Id">Unique in the document.</param>
/// <param name="Label">Label class.</param>
/// <param name="Point">[x, y].</param>
public sealed record DocumentPoint(string Id, string Label, ImmutableArray<double> Point) : DocumentShape(Id, Label)
{
    /// <inheritdoc/>
    public bool Equals(DocumentPoint? other) => base.Equals(other) && Point.AsSpan().SequenceEqual(other.Point.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();
}

/// <summary>COCO compressed run lengths, column-major, of the whole image.</summary>
/// <param name="Id">Unique in the document.</param>
/// <param name="Label">Label class.</param>
/// <param name="Mask">The runs.</param>
public sealed record DocumentMask(string Id, string Label, DocumentRuns Mask) : DocumentShape(Id, Label)
{
    /// <inheritdoc/>
    public bool Equals(DocumentMask? other) => base.Equals(other) && Mask == other.Mask;

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();
}

/// <summary>Run lengths of a mask.</summary>
/// <param name="Size">[height, width] of the image, as COCO has it.</param>
/// <param name="Counts">COCO's compressed text.</param>
public sealed record DocumentRuns(ImmutableArray<int> Size, string Counts)
{
    /// <inheritdoc/>
    public bool Equals(DocumentRuns? other) => other is not null && Counts == other.Counts && Size.AsSpan().SequenceEqual(other.Size.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Counts.GetHashCode(StringComparison.Ordinal);
}

internal static class Positions
{
    public static bool Equal(ImmutableArray<ImmutableArray<double>> a, ImmutableArray<ImmutableArray<double>> b) =>
        a.Length == b.Length && a.Zip(b).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second.AsSpan()));
}
