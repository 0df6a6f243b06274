namespace Perenne.Vision.Metrics;

/// <summary>COCO detection metrics, equal to pycocotools' within rounding (1e-9).</summary>
/// <remarks>
/// Source: COCO API, <c>cocoeval.py</c>. One difference, on purpose: pycocotools takes a match with an object whose annotation id is 0 for none; here ids play no part.
/// The result does not depend on the number of threads.
/// </remarks>
public static class CocoEvaluation
{
    /// <summary>Evaluates detections against ground truth.</summary>
    /// <param name="imageIds">Every evaluated image, also those without objects.</param>
    /// <param name="categoryIds">Every evaluated category; objects and detections of others are left out.</param>
    /// <param name="groundTruth">The objects.</param>
    /// <param name="detections">The detections; among equal scores the order given decides.</param>
    /// <param name="options">Parameters; COCO's by default.</param>
    /// <exception cref="ArgumentException">An image id is unknown, a score is not finite, a mask is missing or of another size, or an option is out of range.</exception>
    public static CocoResult Evaluate(
        IEnumerable<long> imageIds,
        IEnumerable<long> categoryIds,
        ReadOnlyMemory<GroundTruth> groundTruth,
        ReadOnlyMemory<Detection> detections,
        CocoOptions? options = null)
    {
        options ??= CocoOptions.Default;
        options.Validate();
        long[] images = [.. imageIds.Distinct().Order()], categories = [.. categoryIds.Distinct().Order()];
        CocoGroups groups = CocoGroups.Build(images, categories, groundTruth.Span, detections.Span, options.MaxDetections[^1]);
        CocoOverlap overlap = CocoOverlap.Create(options.Overlap, groundTruth, detections);
        var matches = new CocoMatches(groups.DetectionOrder.Length, options.Areas.Count);
        var matcher = new CocoMatcher(groups, overlap, options, groundTruth, matches);
        matcher.MatchAll();
        return new CocoAccumulator(groups, matcher, matches, options, categories).Accumulate();
    }
}
