namespace Perenne.Training;

/// <summary>What the disk refused, as a sentence.</summary>
internal static class DiskProblem
{
    private const int NoSpace = 28; // ENOSPC
    private const int WindowsNoSpace = unchecked((int)0x80070070);

    public static string Sentence(IOException e) => (e.HResult & 0xFFFF) == NoSpace || e.HResult == WindowsNoSpace || e.Message.Contains("No space left", StringComparison.Ordinal)
        ? "The disk is full. Free some space and start the same command again: it goes on from the last checkpoint."
        : $"A file could not be read or written: {e.Message}";
}
