using Perenne.Vision.Geometry;

namespace Perenne.Hub.Evaluate;

internal enum ErrorKind
{
    /// <summary>Nothing is there.</summary>
    FalsePositive,

    /// <summary>An object was not found.</summary>
    Miss,
    WrongClass,

    /// <summary>The right class beside its place.</summary>
    BadlyPlaced,

    /// <summary>The model is sure and the annotation says otherwise: look at the annotation.</summary>
    SuspectedLabel,
}

/// <param name="Class">Index in the model's classes.</param>
internal sealed record TrueObject(int Class, double X, double Y, double Width, double Height)
{
    public Box Box => new(X, Y, Width, Height);
}

/// <param name="Counts">The score reaches the class's threshold.</param>
internal sealed record FoundObject(int Class, double Score, double X, double Y, double Width, double Height, bool Counts)
{
    public Box Box => new(X, Y, Width, Height);
}

/// <param name="Score">Of the detection; null for a miss.</param>
internal sealed record ImageError(ErrorKind Kind, int Class, double? Score, double X, double Y, double Width, double Height);

/// <summary>What an evaluation found on one image: a line of its result file.</summary>
/// <param name="Tag">True tag, for classification; index in the model's classes.</param>
/// <param name="Scores">Score of each tag.</param>
internal sealed record ImageResult(
    Guid Id, string FileName, string Organization, string? Camera, int Width, int Height, double Brightness, bool IsDefective, IReadOnlyList<TrueObject> Truth, IReadOnlyList<FoundObject> Found,
    int? Tag, IReadOnlyList<double>? Scores, double? Value, double? Predicted)
{
    public int TruePositives { get; init; }

    public int FalsePositives { get; init; }

    public int FalseNegatives { get; init; }

    public IReadOnlyList<ImageError> Errors { get; init; } = [];

    public int Wrong => FalsePositives + FalseNegatives;
}
