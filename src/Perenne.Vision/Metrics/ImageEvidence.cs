namespace Perenne.Vision.Metrics;

/// <summary>One image as the plant judges it: good or defective, rejected when its score reaches the threshold.</summary>
/// <param name="ImageId">The image.</param>
/// <param name="IsDefective">The truth.</param>
/// <param name="Score">The evidence against the image; negative infinity without any.</param>
public readonly record struct JudgedImage(long ImageId, bool IsDefective, double Score);

/// <summary>What is on an image and what the model found, by class.</summary>
/// <param name="ImageId">The image.</param>
/// <param name="Slice">What figures are split by: the organization, a station; may be empty.</param>
/// <param name="Defects">Classes really there; empty for a good image.</param>
/// <param name="BestScores">The highest score per class found.</param>
public sealed record ImageEvidence(long ImageId, string Slice, IReadOnlySet<long> Defects, IReadOnlyDictionary<long, double> BestScores)
{
    /// <summary>The highest score of any class; negative infinity without a detection.</summary>
    public double Score => BestScores.Count == 0 ? double.NegativeInfinity : BestScores.Values.Max();

    /// <summary>The image over all classes.</summary>
    public JudgedImage Judged => new(ImageId, Defects.Count > 0, Score);

    /// <summary>Collects the evidence of every image, in the order of <paramref name="images"/>.</summary>
    /// <param name="images">Every image, also those with neither objects nor detections, with its slice.</param>
    /// <param name="truth">The objects; crowd ones count as defects.</param>
    /// <param name="detections">The detections, uncut.</param>
    public static ImageEvidence[] Collect(IEnumerable<(long ImageId, string Slice)> images, IEnumerable<GroundTruth> truth, IEnumerable<Detection> detections)
    {
        ILookup<long, long> defects = truth.ToLookup(g => g.ImageId, g => g.CategoryId);
        ILookup<long, Detection> found = detections.ToLookup(d => d.ImageId);
        return [.. images.Select(i => new ImageEvidence(i.ImageId, i.Slice, defects[i.ImageId].ToHashSet(),
            found[i.ImageId].GroupBy(d => d.CategoryId).ToDictionary(g => g.Key, g => g.Max(d => d.Score))))];
    }

    /// <summary>The images that speak about one class: those that have it (escaped when nothing at all rejects them) and the good ones (overkilled when this class rejects them). Images with other defects only are left out.</summary>
    public static JudgedImage[] OfCategory(IEnumerable<ImageEvidence> images, long categoryId) =>
        [.. images.Where(i => i.Defects.Count == 0 || i.Defects.Contains(categoryId)).Select(i => i.Defects.Count > 0
            ? i.Judged
            : new JudgedImage(i.ImageId, false, i.BestScores.GetValueOrDefault(categoryId, double.NegativeInfinity)))];
}
