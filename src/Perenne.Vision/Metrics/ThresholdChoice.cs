namespace Perenne.Vision.Metrics;

/// <summary>What one inspected image costs on average at a threshold.</summary>
/// <param name="Rates">The rates there.</param>
/// <param name="CostPerImage">In the unit of the costs given.</param>
public readonly record struct ThresholdCost(InspectionRates Rates, double CostPerImage);

/// <summary>Chooses the threshold from what an escape and an overkill cost.</summary>
public static class ThresholdChoice
{
    /// <summary>The threshold of least mean cost, prevalence × escape rate × its cost + (1 - prevalence) × overkill rate × its cost. Among equals the lower threshold: fewer escapes.</summary>
    /// <param name="images">The evaluated images; both good and defective ones are needed.</param>
    /// <param name="escapeCost">Cost of one defective image passed, &gt;= 0.</param>
    /// <param name="overkillCost">Cost of one good image rejected, &gt;= 0.</param>
    /// <param name="defectRate">Share of defective parts in production, in [0, 1]; that of the images by default. Test sets often hold far more defects than the line.</param>
    /// <returns>Threshold +infinity means: reject nothing.</returns>
    /// <exception cref="ArgumentException">A cost or the rate is out of range, or one kind of image is missing.</exception>
    public static ThresholdCost LeastCost(IReadOnlyList<JudgedImage> images, double escapeCost, double overkillCost, double? defectRate = null)
    {
        if (!(escapeCost >= 0 && overkillCost >= 0 && double.IsFinite(escapeCost + overkillCost)))
            throw new ArgumentException("Both costs must be numbers of at least 0.");
        if (defectRate is { } rate && !(rate is >= 0 and <= 1))
            throw new ArgumentException($"The share of defective parts lies in [0, 1], but is {rate}.");
        InspectionRates[] curve = InspectionRates.Curve(images);
        if (curve[0].Defective == 0 || curve[0].Good == 0)
            throw new ArgumentException($"A threshold is chosen between good and defective images; there are {curve[0].Good} good and {curve[0].Defective} defective ones.");
        double prevalence = defectRate ?? (double)curve[0].Defective / images.Count;
        ThresholdCost best = new(curve[0], double.PositiveInfinity);
        foreach (InspectionRates point in curve)
        {
            double cost = prevalence * point.EscapeRate!.Value * escapeCost + (1 - prevalence) * point.OverkillRate!.Value * overkillCost;
            if (cost <= best.CostPerImage)
                best = new ThresholdCost(point, cost);
        }
        return best;
    }
}
