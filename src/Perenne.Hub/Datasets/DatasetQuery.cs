using Perenne.Hub.Collect.Gallery;
using Perenne.Vision.Sampling;

namespace Perenne.Hub.Datasets;

internal enum LabelSource
{
    /// <summary>Ground truth: accepted by review, consensus or adjudication.</summary>
    Accepted,

    /// <summary>Ground truth; where there is none, what was imported with the images.</summary>
    AcceptedOrImported,

    /// <summary>Ground truth; else the newest answer somebody submitted; else what was imported.</summary>
    Submitted,
}

/// <summary>Which images go into a dataset version, and which annotation speaks for each.</summary>
/// <param name="Filter">Over the pool, as the gallery's.</param>
/// <param name="Labels">What counts as an annotation.</param>
/// <param name="Classes">Ids of label classes to keep; null: all that are offered. Shapes of other classes are left out.</param>
/// <param name="AgreementLeast">Images that several people annotated count only from this agreement (lowest F1 of a pair, 0 to 1); null: any. Images of one annotator have no agreement and count.</param>
internal sealed record DatasetQuery(ImageFilter Filter, LabelSource Labels = LabelSource.AcceptedOrImported, IReadOnlyList<Guid>? Classes = null, double? AgreementLeast = null);

/// <summary>How a project splits images into train, validation and test.</summary>
/// <param name="Test">Share of groups, 0 to 1.</param>
/// <param name="Validation">Share of groups, 0 to 1.</param>
/// <param name="Salt">The project's own.</param>
/// <param name="KeepImported">An image that was imported as "train", "val" or "test" stays there, so that published figures can be compared.</param>
internal sealed record SplitRule(double Test, double Validation, string Salt, bool KeepImported = true)
{
    public static SplitRule DefaultFor(Guid project) => new(0.2, 0.1, project.ToString("n"));

    private GroupSplit? hash;

    /// <param name="imported">The part the image was imported in; null where it was in none.</param>
    public Split Of(string groupKey, string? imported)
    {
        if (KeepImported && imported is not null)
        {
            switch (imported.ToLowerInvariant())
            {
                case "train" or "training": return TrainOrValidation(groupKey);
                case "val" or "valid" or "validation": return Split.Validation;
                case "test": return Split.Test;
            }
        }

        return (hash ??= new(Test, Validation, Salt)).Of(groupKey);
    }

    // Imported sets often have train and test only; without validation no threshold and no checkpoint could be chosen.
    private Split TrainOrValidation(string groupKey) => (hash ??= new(Test, Validation, Salt)).Of(groupKey) == Split.Validation ? Split.Validation : Split.Train;
}
