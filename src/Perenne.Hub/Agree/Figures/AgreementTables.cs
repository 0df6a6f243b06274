using Perenne.Vision.Agreement;
using Perenne.Vision.Statistics;

namespace Perenne.Hub.Agree.Figures;

/// <summary>The tables of the agreement page, from counters and from the sampled shapes: pure.</summary>
internal static class AgreementTables
{
    private const int Resamples = 200;

    public static AgreementReport Build(
        int images, List<AgreementItem> items, List<AgreementTotal> totals, ShapeAgreementReport shapes, AgreementNames names, IReadOnlyDictionary<Guid, (int Answers, double F1)> gold) => new(
            images,
            items.Count,
            Scope("", shapes.Overall),
            [.. shapes.ByClass.Select(c => Scope(c.Key, c.Value))],
            [.. shapes.ByOrganization.Select(o => Scope(names.Organizations.GetValueOrDefault(Guid.Parse(o.Key), "?"), o.Value))],
            [.. People(items, totals, names, gold).OrderByDescending(p => p.F1.Value ?? -1).ThenBy(p => p.Name, StringComparer.Ordinal)],
            [.. Pairs(items, totals, shapes, names).OrderBy(p => p.F1.Value ?? 2).ThenBy(p => p.First, StringComparer.Ordinal).ThenBy(p => p.Second, StringComparer.Ordinal)]);

    private static ScopeFigures Scope(string name, ShapeAgreementFigures f) =>
        new(name, f.Images, Of(f.Alpha), Of(f.MeanIou), Of(f.F1), Of(f.ImageAlpha), Of(f.ImageAgreement));

    private static Figure Of(Estimate estimate) => new(estimate.Value, estimate.Interval?.Low, estimate.Interval?.High);

    private static IEnumerable<PersonFigures> People(
        List<AgreementItem> items, List<AgreementTotal> totals, AgreementNames names, IReadOnlyDictionary<Guid, (int Answers, double F1)> gold)
    {
        foreach (Guid person in totals.SelectMany(t => new[] { t.First, t.Second }).Distinct())
        {
            List<AgreementTotal> own = [.. totals.Where(t => t.First == person || t.Second == person)];
            PersonPair[][] sampled = [.. items.Select(i => i.Pairs.Where(p => p.First == person || p.Second == person).ToArray()).Where(p => p.Length > 0)];
            (int answers, double score) = gold.GetValueOrDefault(person);
            yield return new(
                person, names.People.GetValueOrDefault(person, "?"), sampled.Length,
                Interval(F1(own.Sum(t => t.Matched), own.Sum(t => t.OnlyFirst + t.OnlySecond)), sampled),
                Ratio(own.Sum(t => t.SumIou), own.Sum(t => t.Matched)), answers, answers == 0 ? null : score);
        }
    }

    private static IEnumerable<PairRow> Pairs(List<AgreementItem> items, List<AgreementTotal> totals, ShapeAgreementReport shapes, AgreementNames names)
    {
        Dictionary<(Guid, Guid), PairAgreement> sampledShapes = [];
        foreach (PairAgreement pair in shapes.Pairs)
            sampledShapes[Key(Guid.Parse(pair.First), Guid.Parse(pair.Second))] = pair;
        foreach (var group in totals.GroupBy(t => (t.First, t.Second)))
        {
            (Guid first, Guid second) = group.Key;
            PersonPair[][] sampled = [.. items.Select(i => i.Pairs.Where(p => p.First == first && p.Second == second).ToArray()).Where(p => p.Length > 0)];
            PairAgreement? close = sampledShapes.GetValueOrDefault(Key(first, second));
            Figure none = new(null, null, null);
            yield return new(
                first, names.People.GetValueOrDefault(first, "?"), second, names.People.GetValueOrDefault(second, "?"), group.Sum(t => t.Images),
                Interval(F1(group.Sum(t => t.Matched), group.Sum(t => t.OnlyFirst + t.OnlySecond)), sampled),
                Ratio(group.Sum(t => t.SumIou), group.Sum(t => t.Matched)), Ratio(group.Sum(t => t.SameAnswers), group.Sum(t => t.Images)),
                close is null ? none : Of(close.Kappa), close is null ? none : Of(close.ImageKappa));
        }
    }

    private static (Guid, Guid) Key(Guid a, Guid b) => a.CompareTo(b) < 0 ? (a, b) : (b, a);

    // The value is over everything, its interval over the sampled images: both estimate the same figure.
    private static Figure Interval(double? value, PersonPair[][] sampled)
    {
        if (value is null)
            return new(null, null, null);
        Interval? interval = PercentileBootstrap.Of(sampled.Length, counts =>
        {
            double matched = 0, only = 0;
            for (int i = 0; i < sampled.Length; i++)
            {
                foreach (PersonPair pair in counts[i] == 0 ? [] : sampled[i])
                {
                    matched += counts[i] * pair.Matched;
                    only += counts[i] * (pair.OnlyFirst + pair.OnlySecond);
                }
            }

            return F1(matched, only);
        }, Resamples, 0.95, seed: 1);
        return new(value, interval?.Low, interval?.High);
    }

    private static double? F1(double matched, double only) => Ratio(2 * matched, (2 * matched) + only);

    private static double? Ratio(double part, double whole) => whole > 0 ? part / whole : null;
}
