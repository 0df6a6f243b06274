using Perenne.Vision.Geometry;

namespace Perenne.Vision.Metrics;

/// <summary>What a model found.</summary>
/// <param name="ImageId">The image.</param>
/// <param name="CategoryId">The label class.</param>
/// <param name="Box">Position, image pixels.</param>
/// <param name="Score">Confidence; higher is surer. Finite.</param>
/// <param name="Mask">The pixels, where masks are evaluated.</param>
/// <param name="Rotated">The box with its angle, where rotated boxes are evaluated; null stands for <paramref name="Box"/> as it is.</param>
public readonly record struct Detection(long ImageId, long CategoryId, Box Box, double Score, RunLengthMask? Mask = null, RotatedBoxShape? Rotated = null);

/// <summary>What is really there.</summary>
/// <param name="ImageId">The image.</param>
/// <param name="CategoryId">The label class.</param>
/// <param name="Box">Position, image pixels.</param>
/// <param name="Area">Area that decides the size group, pixels² (COCO's <c>area</c>: often that of the mask).</param>
/// <param name="IsCrowd">COCO: a region of many objects, matched any number of times and never missed. VOC: "difficult".</param>
/// <param name="Mask">The pixels, where masks are evaluated.</param>
/// <param name="Rotated">The box with its angle, where rotated boxes are evaluated; null stands for <paramref name="Box"/> as it is.</param>
public readonly record struct GroundTruth(long ImageId, long CategoryId, Box Box, double Area, bool IsCrowd = false, RunLengthMask? Mask = null, RotatedBoxShape? Rotated = null)
{
    /// <summary>An object whose area is that of its box.</summary>
    public static GroundTruth OfBox(long imageId, long categoryId, Box box) => new(imageId, categoryId, box, box.Area);
}
