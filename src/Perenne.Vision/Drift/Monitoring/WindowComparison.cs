using System.Globalization;
using Perenne.Vision.Statistics;

namespace Perenne.Vision.Drift;

/// <summary>Tests every signal of one camera between its reference and its current window.</summary>
internal static class WindowComparison
{
    /// <summary>Fewer values than this on a side say nothing about a distribution.</summary>
    private const int LeastValues = 20;

    public static List<SignalChange> Of(DriftWindow window, DriftOptions options, double smallestP)
    {
        List<SignalChange> changes = [];
        foreach (string fact in Names(window, o => o.Facts.Keys))
            Add(changes, Fact(fact, Values(window.Reference, o => o.Facts.GetValueOrDefault(fact)), Values(window.Current, o => o.Facts.GetValueOrDefault(fact))));
        foreach (string scalar in Names(window, o => o.Scalars.Keys))
            Add(changes, Numbers(scalar, SignalKind.Scalar, Scalars(window.Reference, scalar), Scalars(window.Current, scalar)));
        Add(changes, Features(window, options, smallestP));
        Add(changes, Classes(window, options, smallestP));
        Add(changes, Numbers("detections", SignalKind.Detections, Found(window.Reference), Found(window.Current)));
        Add(changes, Numbers("top-score", SignalKind.TopScore, TopScores(window.Reference), TopScores(window.Current)));
        return changes;
    }

    private static void Add(List<SignalChange> changes, SignalChange? change)
    {
        if (change is not null)
            changes.Add(change);
    }

    private static SortedSet<string> Names(DriftWindow window, Func<ObservedSignals, IEnumerable<string>> of) =>
        new(window.Reference.SelectMany(of).Intersect(window.Current.SelectMany(of)), StringComparer.Ordinal);

    private static double[] Scalars(IReadOnlyList<ObservedSignals> side, string name) =>
        [.. side.Where(o => o.Scalars.ContainsKey(name)).Select(o => o.Scalars[name]).Where(double.IsFinite)];

    // Where no model was asked, nothing found says nothing.
    private static double[] Found(IReadOnlyList<ObservedSignals> side) =>
        [.. side.Where(o => o.Facts.GetValueOrDefault(DriftCauses.Quality, DriftCauses.Fit) == DriftCauses.Fit).Select(o => (double)o.Classes.Count)];

    private static double[] TopScores(IReadOnlyList<ObservedSignals> side) => [.. side.Where(o => o.Scores.Count > 0).Select(o => o.Scores.Max())];

    private static string[] Values(IReadOnlyList<ObservedSignals> side, Func<ObservedSignals, string?> of) => [.. side.Select(of).OfType<string>()];

    private static SignalChange? Numbers(string name, SignalKind kind, double[] reference, double[] current)
    {
        if (reference.Length < LeastValues || current.Length < LeastValues || (reference.Distinct().Take(2).Count() == 1 && current.All(v => v == reference[0])))
            return null;
        TwoSampleResult test = KolmogorovSmirnov.Test(reference, current);
        return new(name, kind, test.PValue, test.Statistic, Middle(kind, reference), Middle(kind, current));
    }

    private static string Middle(SignalKind kind, double[] values) =>
        (kind == SignalKind.Detections ? values.Average() : values.Order().ElementAt(values.Length / 2)).ToString("G4", CultureInfo.InvariantCulture);

    private static SignalChange? Fact(string name, string[] reference, string[] current)
    {
        if (reference.Length < LeastValues || current.Length < LeastValues)
            return null;
        string[] values = [.. reference.Concat(current).Distinct()];
        double[] Shares(string[] side) => [.. values.Select(v => (double)side.Count(s => s == v))];
        double[] before = Shares(reference), now = Shares(current);
        // One value throughout is the rule; nothing was tested then, and nothing may be charged for it.
        if (ContingencyTests.GTest([before, now]) is not { } test)
            return null;
        double distance = before.Zip(now, (b, n) => Math.Abs(b / reference.Length - n / current.Length)).Sum() / 2;
        string Commonest(double[] counts) => values[Array.IndexOf(counts, counts.Max())];
        return new(name, SignalKind.Fact, test.PValue, distance, Commonest(before), Commonest(now));
    }

    private static SignalChange? Features(DriftWindow window, DriftOptions options, double smallestP)
    {
        float[][] reference = Vectors(window.Reference, options.MaximumVectors), current = Vectors(window.Current, options.MaximumVectors);
        if (reference.Length < LeastValues || current.Length < LeastValues || reference[0].Length != current[0].Length)
            return null;
        FeatureMatrix x = FeatureMatrix.FromRows(reference), y = FeatureMatrix.FromRows(current);
        if (window.Projection is { } projection)
            (x, y) = (projection.Project(x), projection.Project(y));
        MmdResult Test(int permutations, ulong seed) => MaximumMeanDiscrepancy.Test(x, y, new MmdOptions(seed, permutations, MaxThreads: options.MaxThreads));
        MmdResult first = Test(options.FirstPermutations, options.Seed);
        double p = Staged(first.PValue, smallestP, options, (permutations, seed) => Test(permutations, seed).PValue);
        return new("features", SignalKind.Features, p, Math.Sqrt(Math.Max(0, first.Mmd2)), $"{x.Rows}", $"{y.Rows}");
    }

    private static float[][] Vectors(IReadOnlyList<ObservedSignals> side, int most)
    {
        ObservedSignals[] with = [.. side.Where(o => !o.Features.IsEmpty)];
        // Evenly over the window, so that its end counts as much as its beginning.
        int count = Math.Min(most, with.Length);
        return [.. Enumerable.Range(0, count).Select(i => with[(int)((long)i * with.Length / count)].Features.ToArray())];
    }

    private static SignalChange? Classes(DriftWindow window, DriftOptions options, double smallestP)
    {
        string[] names = [.. window.Reference.Concat(window.Current).SelectMany(o => o.Classes).Distinct().Order(StringComparer.Ordinal)];
        int[][] Counts(IReadOnlyList<ObservedSignals> side) => [.. side.Where(o => o.Classes.Count > 0).Select(o => Array.ConvertAll(names, n => o.Classes.Count(c => c == n)))];
        int[][] reference = Counts(window.Reference), current = Counts(window.Current);
        if (reference.Length < LeastValues || current.Length < LeastValues
            || ImagePermutationTest.Classes(reference, current, options.FirstPermutations, options.Seed) is not { } first)
            return null;
        double p = Staged(first.PValue, smallestP, options, (permutations, seed) => ImagePermutationTest.Classes(reference, current, permutations, seed)!.Value.PValue);
        double[] Totals(int[][] side) => [.. names.Select((_, c) => (double)side.Sum(row => row[c]))];
        double[] before = Totals(reference), now = Totals(current);
        string Commonest(double[] counts) => names[Array.IndexOf(counts, counts.Max())];
        return new("classes", SignalKind.Classes, p, Divergences.JensenShannonDistance(before, now), Commonest(before), Commonest(now));
    }

    // Few permutations tell that nothing happened; only a small p value is worth the many that make it smaller. The second run is fresh, so that
    // its p value is valid at every level below the first run's bar.
    private static double Staged(double first, double smallestP, DriftOptions options, Func<int, ulong, double> again)
    {
        int wanted = (int)Math.Clamp(Math.Ceiling(4 / smallestP), options.FirstPermutations, options.MostPermutations);
        return first > 0.05 || wanted <= options.FirstPermutations ? first : again(wanted, options.Seed + 1);
    }
}
