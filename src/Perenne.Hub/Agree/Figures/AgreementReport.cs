namespace Perenne.Hub.Agree.Figures;

/// <summary>A figure with its 95 % interval; null where it is undefined (nothing to compare, or no variation).</summary>
internal sealed record Figure(double? Value, double? Low, double? High);

/// <param name="Images">Images with at least two answers.</param>
/// <param name="Alpha">Krippendorff's alpha over matched shapes; a shape somebody did not draw is a disagreement with "nothing".</param>
/// <param name="MeanIou">Of shapes that mean the same.</param>
/// <param name="F1">Over pairs of people, at IoU 0.5 and the same class.</param>
/// <param name="ImageAlpha">Of "defect" against "no defect".</param>
/// <param name="ImageAgreement">Share of pairs of people who say the same of an image.</param>
internal sealed record ScopeFigures(string Name, int Images, Figure Alpha, Figure MeanIou, Figure F1, Figure ImageAlpha, Figure ImageAgreement);

/// <param name="F1">With everybody who answered the same images; over all of them.</param>
/// <param name="GoldF1">Against known answers; null without any.</param>
internal sealed record PersonFigures(Guid PersonId, string Name, int Images, Figure F1, double? MeanIou, int GoldAnswers, double? GoldF1);

/// <param name="Images">Images both answered; F1, IoU and the share of same answers are over all of them.</param>
/// <param name="Kappa">Cohen's kappa over matched shapes with "nothing" as a category, over the sampled images.</param>
internal sealed record PairRow(Guid FirstId, string First, Guid SecondId, string Second, int Images, Figure F1, double? MeanIou, double? SameAnswers, Figure Kappa, Figure ImageKappa);

/// <param name="Images">Images with two answers or more, in the whole scope.</param>
/// <param name="Sampled">Of them the latest, over which alphas, classes and intervals are computed.</param>
internal sealed record AgreementReport(
    int Images, int Sampled, ScopeFigures Overall, IReadOnlyList<ScopeFigures> ByClass, IReadOnlyList<ScopeFigures> ByOrganization,
    IReadOnlyList<PersonFigures> People, IReadOnlyList<PairRow> Pairs);
