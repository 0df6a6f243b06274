namespace Perenne.Formats;

/// <summary>
/// A data set does not follow its format. The only exception the readers throw for what they read;
/// <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/> still mean the disk,
/// <see cref="OperationCanceledException"/> the caller.
/// </summary>
public sealed class DatasetFormatException : FormatException
{
    /// <summary>Creates it from a problem.</summary>
    public DatasetFormatException(DatasetProblem problem, Exception? inner = null) : base(problem.ToString(), inner) => Problem = problem;

    /// <summary>Where and what.</summary>
    public DatasetProblem Problem { get; }
}

/// <summary>One place where a data set does not follow its format.</summary>
/// <param name="File">The file, relative to the data set's root.</param>
/// <param name="Location">Line (<c>line 3</c>) or JSON path (<c>$.annotations[2].bbox</c>); empty for the file as a whole.</param>
/// <param name="Found">What is there.</param>
/// <param name="Expected">What should be there; empty where <paramref name="Found"/> says it all.</param>
public sealed record DatasetProblem(string File, string Location, string Found, string Expected)
{
    /// <summary>The problem as one sentence.</summary>
    public override string ToString()
    {
        string place = (File, Location) switch { ("", "") => "", (_, "") => File + ": ", ("", _) => Location + ": ", _ => $"{File}, {Location}: " };
        return Expected.Length == 0 ? $"{place}{Found}" : $"{place}{Found}; expected {Expected}";
    }
}
