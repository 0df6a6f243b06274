using System.Collections.Immutable;
using Perenne.Vision.Statistics;

namespace Perenne.Vision.Agreement;

/// <summary>A figure with its bootstrap interval over images.</summary>
/// <param name="Value">Null = undefined (nothing to compare, or no variation).</param>
/// <param name="Interval">Null where the value or too many resamples are undefined, or intervals were not asked for.</param>
public readonly record struct Estimate(double? Value, Interval? Interval);

/// <summary>How well annotators agree within some scope.</summary>
/// <param name="Images">Images with at least two answers.</param>
/// <param name="Alpha">Krippendorff's nominal alpha over matched items; who did not draw an item said "nothing". An image on which nobody drew is one item on which all said "nothing".</param>
/// <param name="MeanIou">Mean overlap of the pairs of shapes in one group, in [0,1].</param>
/// <param name="F1">2·TP/(shapes of both), summed over pairs of annotators; TP = same group and same label class.</param>
/// <param name="ImageAlpha">Krippendorff's alpha of "defect" against "no defect" per image.</param>
/// <param name="ImageAgreement">Share of pairs of annotators who say the same of an image: defect or no defect.</param>
public sealed record ShapeAgreementFigures(int Images, Estimate Alpha, Estimate MeanIou, Estimate F1, Estimate ImageAlpha, Estimate ImageAgreement);

/// <summary>The agreement of two annotators over the images both answered.</summary>
/// <param name="First">The one whose id sorts first.</param>
/// <param name="Second">The other.</param>
/// <param name="Figures">As for the whole set.</param>
/// <param name="Kappa">Cohen's kappa over matched items with "nothing" as a category.</param>
/// <param name="ImageKappa">Cohen's kappa of defect against no defect.</param>
public sealed record PairAgreement(string First, string Second, ShapeAgreementFigures Figures, Estimate Kappa, Estimate ImageKappa);

/// <summary>The agreement of several annotators on shapes.</summary>
/// <param name="Overall">Over all images and annotators.</param>
/// <param name="ByClass">Per label class: "this class" against "anything else"; image figures ask whether this class occurs.</param>
/// <param name="ByOrganization">Per organization of the images.</param>
/// <param name="Pairs">Per pair of annotators with images in common, worst kappa first.</param>
/// <param name="Contradictions">Most serious first.</param>
public sealed record ShapeAgreementReport(
    ShapeAgreementFigures Overall,
    ImmutableSortedDictionary<string, ShapeAgreementFigures> ByClass,
    ImmutableSortedDictionary<string, ShapeAgreementFigures> ByOrganization,
    ImmutableArray<PairAgreement> Pairs,
    ImmutableArray<Contradiction> Contradictions);
