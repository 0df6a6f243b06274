using Perenne.Contracts.Annotation;

namespace Perenne.Hub.Annotate;

/// <summary>What proposals say of their image: where it stands in a queue, and who may judge it. Pure.</summary>
internal static class ProposalFacts
{
    private const double DecisionThreshold = 0.5;

    /// <summary>How unsure the model is of the image, 0 to 1; null where it gives no scores.</summary>
    public static double? Uncertainty(AnnotationDocument document)
    {
        double[] scores = [.. document.Shapes.Select(s => s.Score).OfType<double>()];
        return scores.Length == 0 && !document.Shapes.IsEmpty ? null : Vision.Sampling.Uncertainty.OfDetections(scores, DecisionThreshold);
    }

    /// <summary>Label class of the surest shape, else of the image; null: none.</summary>
    public static string? Skill(AnnotationDocument document) => document.Shapes.MaxBy(s => s.Score ?? 1)?.Label ?? document.Tags.FirstOrDefault();
}
