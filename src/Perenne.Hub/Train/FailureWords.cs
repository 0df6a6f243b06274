using System.Globalization;

namespace Perenne.Hub.Train;

/// <summary>Why a trainer ended, in a sentence for people, with its own last words. Pure.</summary>
internal static class FailureWords
{
    private const int Killed = 128 + 9, Crashed = 128 + 11, Aborted = 128 + 6, NotFound = 127, NotExecutable = 126;

    public static string Of(int exitCode, string lastErrors, string lastOutput)
    {
        string what = exitCode switch
        {
            NotFound => "The trainer's command was not found. Check its path on the machine that trains.",
            NotExecutable => "The trainer's command may not be executed. Check its permissions on the machine that trains.",
            Killed => "The trainer was killed by the system, most often because memory ran out. Train with smaller batches or crops, or on a larger machine.",
            Crashed or Aborted => "The trainer crashed. If it happens again, look for the native library it names.",
            0 => "The trainer ended as if all was well but left no model.",
            _ => string.Create(CultureInfo.InvariantCulture, $"The trainer ended with exit code {exitCode}."),
        };
        string words = lastErrors.Length > 0 ? lastErrors : lastOutput;
        return words.Length > 0 ? $"{what} Its last words:\n{words}" : what + " It said nothing.";
    }

    public static string Hung(int minutes) => $"The trainer gave no sign of life for {minutes} minutes and was stopped. Let it write to metrics.jsonl more often, or raise the limit of this trainer.";
}
