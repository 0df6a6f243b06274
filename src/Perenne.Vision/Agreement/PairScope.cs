using Perenne.Vision.Statistics;

namespace Perenne.Vision.Agreement;

/// <summary>The agreement of two annotators: their shapes are matched anew, so that no third person decides what they agree on.</summary>
internal static class PairScope
{
    public static PairAgreement? Of(IEnumerable<AnnotatedImage> images, string first, string second, string[] classes, AgreementOptions options)
    {
        GroupedImage[] common = [.. images.Select(image => image.OnlyBy(first, second)).OfType<AnnotatedImage>().Select(image => GroupedImage.Of(image, options))];
        if (common.Length == 0)
            return null;
        double[][,] items = [.. common.Select(image => Table(image.Items(), classes))];
        double[][,] whole = [.. common.Select(image => ImageTable(image.Image))];
        return new PairAgreement(first, second, AgreementScope.Figures(common, classes, null, options), Kappa(items, options), Kappa(whole, options));
    }

    private static double[,] Table(IEnumerable<string[]> items, string[] classes)
    {
        double[,] table = new double[classes.Length + 1, classes.Length + 1];
        foreach (string[] item in items)
            table[Category(item[0]), Category(item[1])]++;
        return table;

        int Category(string label) => label == GroupedImage.Nothing ? 0 : Array.BinarySearch(classes, label, StringComparer.Ordinal) + 1;
    }

    private static double[,] ImageTable(AnnotatedImage image)
    {
        double[,] table = new double[2, 2];
        table[image.Answers[0].SeesDefect ? 1 : 0, image.Answers[1].SeesDefect ? 1 : 0] = 1;
        return table;
    }

    private static Estimate Kappa(double[][,] tables, AgreementOptions options)
    {
        double? value = Weighted([.. tables.Select(_ => 1)]);
        return new Estimate(value, value is null || options.Resamples == 0 ? null
            : PercentileBootstrap.Of(tables.Length, Weighted, options.Resamples, options.Level, options.Seed));

        double? Weighted(int[] counts)
        {
            int size = tables[0].GetLength(0);
            double[,] sum = new double[size, size];
            for (int t = 0; t < tables.Length; t++)
                for (int i = 0; counts[t] > 0 && i < size; i++)
                    for (int j = 0; j < size; j++)
                        sum[i, j] += counts[t] * tables[t][i, j];
            return CohenKappa.OfTable(sum);
        }
    }
}
