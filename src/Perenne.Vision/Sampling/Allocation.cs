namespace Perenne.Vision.Sampling;

internal static class Allocation
{
    /// <summary>How many of <paramref name="count"/> each group gets: its proportional share rounded by largest remainder, never more than it has.</summary>
    public static int[] Proportional(int[] sizes, int count, bool atLeastOne)
    {
        long total = sizes.Sum(s => (long)s);
        int[] shares = [.. sizes.Select(size => (int)(size * (long)count / Math.Max(1, total)))];
        if (atLeastOne)
            shares = [.. shares.Zip(sizes, (share, size) => Math.Max(share, Math.Min(1, size)))];
        double Lack(int k) => sizes[k] * (double)count / total - shares[k];
        while (shares.Sum() < count)
            shares[Enumerable.Range(0, sizes.Length).Where(k => shares[k] < sizes[k]).MaxBy(Lack)]++;
        while (shares.Sum() > count)
            shares[Enumerable.Range(0, sizes.Length).Where(k => shares[k] > (atLeastOne ? 1 : 0)).MinBy(Lack)]--;
        return shares;
    }
}
