using System.Text.Json.Serialization;

namespace Perenne.Contracts.Collect;

/// <summary>What became of one file that was sent in.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FileOutcome>))]
public enum FileOutcome
{
    /// <summary>A new image.</summary>
    [JsonStringEnumMemberName("stored")]
    Stored,

    /// <summary>The project has these very bytes already: one more arrival of that image.</summary>
    [JsonStringEnumMemberName("duplicate")]
    Duplicate,

    /// <summary>Not taken; the reason says why and what to change.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,
}

/// <summary>The verdict on one file.</summary>
/// <param name="Name">The file's name as it was sent.</param>
/// <param name="Outcome">Stored, duplicate or refused.</param>
/// <param name="ImageId">The image; null when refused.</param>
/// <param name="Hash">Lower-case hexadecimal SHA-256 of the file; null when it was refused unread.</param>
/// <param name="Reason">One sentence; null unless refused.</param>
/// <param name="Quality">"usable", "flagged" or "rejected"; null when refused.</param>
public sealed record FileVerdict(string Name, FileOutcome Outcome, Guid? ImageId = null, string? Hash = null, string? Reason = null, string? Quality = null);

/// <summary>The answer to every way in: one verdict per file, in the order sent.</summary>
/// <param name="Files">The verdicts.</param>
/// <param name="Stored">How many are new.</param>
/// <param name="Duplicates">How many were there already.</param>
/// <param name="Refused">How many were not taken.</param>
public sealed record IntakeAnswer(IReadOnlyList<FileVerdict> Files, int Stored, int Duplicates, int Refused)
{
    /// <summary>Counts the verdicts.</summary>
    public static IntakeAnswer Of(IReadOnlyList<FileVerdict> files) => new(
        files, files.Count(f => f.Outcome == FileOutcome.Stored), files.Count(f => f.Outcome == FileOutcome.Duplicate), files.Count(f => f.Outcome == FileOutcome.Refused));
}

/// <summary>Asks which contents a project has already, so that a repeated import sends nothing twice.</summary>
/// <param name="Hashes">At most 1,000 SHA-256 hashes, hexadecimal.</param>
public sealed record KnownContentsRequest(IReadOnlyList<string> Hashes);

/// <summary>The contents that are there.</summary>
/// <param name="Images">Image ids by hash.</param>
public sealed record KnownContents(IReadOnlyDictionary<string, Guid> Images);
