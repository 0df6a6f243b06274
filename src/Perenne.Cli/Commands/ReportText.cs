using Perenne.Formats;

namespace Perenne.Cli.Commands;

internal static class ReportText
{
    private const int ProblemsShown = 20;

    public static void Losses(TextWriter text, string title, LossReport losses)
    {
        if (losses.IsEmpty)
            return;
        text.WriteLine(title);
        foreach (LossEntry entry in losses.Entries)
        {
            text.WriteLine(FormattableString.Invariant($"  {entry.Count} × {entry.Sentence}"));
            text.WriteLine($"      for example {string.Join("; ", entry.Examples)}");
        }
    }

    public static void Problems(TextWriter text, ReadProblems problems)
    {
        if (problems.Count == 0)
            return;
        text.WriteLine(FormattableString.Invariant($"{problems.Count} problems passed over:"));
        foreach (DatasetProblem problem in problems.Kept.Take(ProblemsShown))
            text.WriteLine("  " + problem);
        if (problems.Count > ProblemsShown)
            text.WriteLine(FormattableString.Invariant($"  and {problems.Count - ProblemsShown} more"));
    }
}
