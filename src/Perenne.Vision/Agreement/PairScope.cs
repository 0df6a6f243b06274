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
        int size = classes.Length + 1;
        (int Cell, int Count)[][] items = [.. common.Select(image => Cells(image.Items().Select(item => Category(item[0]) * size + Category(item[1]))))];
        (int Cell, int Count)[][] whole = [.. common.Select(image => Cells([(image.Image.Answers[0].SeesDefect ? 2 : 0) + (image.Image.Answers[1].SeesDefect ? 1 : 0)]))];
        return new PairAgreement(first, second, AgreementScope.Figures(common, classes, null, options), Kappa(items, size, options), Kappa(whole, 2, options));

        int Category(string label) => label == GroupedImage.Nothing ? 0 : Array.BinarySearch(classes, label, StringComparer.Ordinal) + 1;
    }

    // An image fills few cells of the table of categories: only those are kept, so that a resample costs what was drawn.
    private static (int Cell, int Count)[] Cells(IEnumerable<int> cells) => [.. cells.GroupBy(c => c).Select(g => (g.Key, g.Count()))];

    private static Estimate Kappa((int Cell, int Count)[][] images, int size, AgreementOptions options)
    {
        double? value = Weighted([.. images.Select(_ => 1)]);
        return new Estimate(value, value is null || options.Resamples == 0 ? null
            : PercentileBootstrap.Of(images.Length, Weighted, options.Resamples, options.Level, options.Seed));

        double? Weighted(int[] drawn)
        {
            double[,] table = new double[size, size];
            for (int i = 0; i < images.Length; i++)
                if (drawn[i] > 0)
                    foreach ((int cell, int count) in images[i])
                        table[cell / size, cell % size] += (double)drawn[i] * count;
            return CohenKappa.OfTable(table);
        }
    }
}
