namespace Perenne.Imaging;

/// <summary>Why a file is refused.</summary>
public enum RefusalCode { Empty, UnknownFormat, UnsupportedFormat, UnsupportedVariant, Truncated, Corrupt, TooLarge, Bomb, Polyglot }

/// <param name="Sentence">What is wrong and what to change, for the person who sent the file.</param>
public sealed record ImageRefusal(RefusalCode Code, string Sentence);

/// <summary>Something worth knowing that does not stop the file.</summary>
public sealed record ImageNote(string Code, string Sentence);

/// <summary>Exactly one of <paramref name="Facts"/> and <paramref name="Refusal"/> is set.</summary>
public sealed record ProbeResult(ImageFacts? Facts, ImageRefusal? Refusal, IReadOnlyList<ImageNote> Notes)
{
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Facts))]
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(false, nameof(Refusal))]
    public bool Accepted => Facts is not null;
}
