using Perenne.Vision.Sampling;

namespace Perenne.Hub.Datasets;

/// <summary>Counts of one part of the set, by split: [train, validation, test].</summary>
internal sealed record SplitCounts(int Train, int Validation, int Test)
{
    public static SplitCounts Zero { get; } = new(0, 0, 0);

    public int All => Train + Validation + Test;

    public SplitCounts Plus(Split split, int count = 1) => split switch
    {
        Split.Train => this with { Train = Train + count },
        Split.Validation => this with { Validation = Validation + count },
        _ => this with { Test = Test + count },
    };
}

/// <param name="Id">Null: a name that is in no label schema.</param>
/// <param name="Shapes">By split.</param>
/// <param name="Images">With at least one shape or the tag, by split.</param>
/// <param name="Small">Shapes below 32² pixels, as COCO counts.</param>
/// <param name="Medium">Up to 96².</param>
/// <param name="Large">Above.</param>
internal sealed record ClassStatistics(Guid? Id, string Name, string Colour, SplitCounts Shapes, SplitCounts Images, int Small, int Medium, int Large);

/// <param name="Images">By split.</param>
/// <param name="Defects">Images that show a defect.</param>
internal sealed record PlaceStatistics(string Name, SplitCounts Images, int Defects);

/// <param name="Images">By split.</param>
/// <param name="Defects">Images with at least one shape or tag.</param>
/// <param name="NoDefect">Images of which somebody said "no defect".</param>
/// <param name="Sides">Shapes by the power of two of their longer side: index 3 holds those of 8 up to 16 pixels.</param>
/// <param name="Kinds">Shapes by kind of annotation: box, polygon, …</param>
/// <param name="Tags">Images with a tag.</param>
/// <param name="Values">Images with a value.</param>
internal sealed record DatasetStatistics(
    SplitCounts Images, SplitCounts Defects, SplitCounts NoDefect, IReadOnlyList<ClassStatistics> Classes, IReadOnlyList<PlaceStatistics> Organizations,
    IReadOnlyList<PlaceStatistics> Cameras, IReadOnlyList<int> Sides, IReadOnlyDictionary<string, int> Kinds, int Tags, int Values, int Groups, int MinWidth, int MinHeight, int MaxWidth, int MaxHeight);

/// <param name="Code">For programs.</param>
/// <param name="Sentence">What it is and what to do about it.</param>
internal sealed record DatasetWarning(string Code, string Sentence);
