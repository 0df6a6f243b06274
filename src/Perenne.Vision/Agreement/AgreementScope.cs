using Perenne.Vision.Statistics;

namespace Perenne.Vision.Agreement;

/// <summary>The figures of a set of grouped images, over all classes or for one class against the rest.</summary>
internal static class AgreementScope
{
    public static ShapeAgreementFigures Figures(IReadOnlyList<GroupedImage> images, string[] classes, string? onlyClass, AgreementOptions options)
    {
        AgreementTally[] tallies = [.. images.Select(image => Tally(image, classes, onlyClass))];
        Estimate[] estimates = Estimates(tallies, () => new AgreementTally(Size(classes, onlyClass)), options,
            t => t.Alpha, t => t.MeanIou, t => t.F1, t => t.ImageAlpha, t => t.ImageShare);
        return new ShapeAgreementFigures(images.Count, estimates[0], estimates[1], estimates[2], estimates[3], estimates[4]);
    }

    private static int Size(string[] classes, string? onlyClass) => onlyClass is null ? classes.Length + 1 : 2;

    private static Estimate[] Estimates(AgreementTally[] tallies, Func<AgreementTally> empty, AgreementOptions options, params Func<AgreementTally, double?>[] figures)
    {
        AgreementTally sum = empty();
        foreach (AgreementTally tally in tallies)
            sum.Add(tally, 1);
        double?[] values = [.. figures.Select(f => f(sum))];
        Interval?[] intervals = options.Resamples == 0 ? new Interval?[figures.Length] : PercentileBootstrap.OfMany(tallies.Length, figures.Length, counts =>
        {
            sum.Clear();
            for (int i = 0; i < tallies.Length; i++)
                if (counts[i] > 0)
                    sum.Add(tallies[i], counts[i]);
            return [.. figures.Select(f => f(sum))];
        }, options.Resamples, options.Level, options.Seed);
        return [.. values.Zip(intervals, (value, interval) => new Estimate(value, value is null ? null : interval))];
    }

    private static AgreementTally Tally(GroupedImage image, string[] classes, string? onlyClass)
    {
        AgreementTally tally = new(Size(classes, onlyClass));
        int Category(string label) => onlyClass is null ? Array.BinarySearch(classes, label, StringComparer.Ordinal) + 1 : label == onlyClass ? 1 : 0;
        int[] counts = new int[Size(classes, onlyClass)];
        foreach (string[] item in image.Items())
        {
            Array.Clear(counts);
            foreach (string label in item)
                counts[label == GroupedImage.Nothing ? 0 : Category(label)]++;
            // An item of other classes says nothing about this one; the empty image does.
            if (onlyClass is null || counts[1] > 0 || image.Groups.IsEmpty)
                tally.AddItem(counts);
        }
        bool Counts(ShapeSource source) => onlyClass is null || source.Shape.LabelClass == onlyClass;
        foreach (ShapeGroup group in image.Groups)
            AddPairs(tally, group, Counts);
        int raters = image.Image.Answers.Length;
        double shapes = image.Image.Answers.Sum(a => a.Shapes.Count(s => onlyClass is null || s.LabelClass == onlyClass));
        // Every shape takes part in one comparison with each other annotator.
        tally.AddMatches(0, shapes * (raters - 1));
        int defects = image.Image.Answers.Count(a => a.Shapes.Any(s => onlyClass is null || s.LabelClass == onlyClass));
        tally.AddImage(raters - defects, defects);
        return tally;
    }

    private static void AddPairs(AgreementTally tally, ShapeGroup group, Func<ShapeSource, bool> counts)
    {
        int at = 0;
        for (int i = 0; i < group.Members.Length; i++)
            for (int j = i + 1; j < group.Members.Length; j++, at++)
            {
                if (!counts(group.Members[i]) || !counts(group.Members[j]))
                    continue;
                tally.AddOverlap(group.Overlaps[at]);
                if (group.Members[i].Shape.LabelClass == group.Members[j].Shape.LabelClass)
                    tally.AddMatches(1, 0);
            }
    }
}
