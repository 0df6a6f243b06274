namespace Perenne.Imaging;

internal static class MeasureSummary
{
    public static ImageMeasures Of(long[] histogram, List<BlockEnergy> blocks)
    {
        double n = histogram.Sum(), mean = 0, square = 0, entropy = 0;
        for (int v = 0; v < 256; v++)
        {
            double p = histogram[v] / n;
            mean += p * v;
            square += p * v * v;
            if (p > 0)
                entropy -= p * Math.Log2(p);
        }
        float[] noise = Sorted(blocks.Select(b => b.Noise));
        double sigma = Quantile(noise, .1);
        // White noise of variance s² gives the Laplacian 20 s² and Sobel's two gradients 24 s²: taken off, so that noise is not mistaken for sharpness.
        double s2 = sigma * sigma, floor = Math.Max(400, 4 * 24 * s2);
        float[] edges = Sorted(blocks.Where(b => b.Tenengrad > floor).Select(b => (float)(Math.Max(0, b.LaplacianEnergy - 20 * s2) / (b.Tenengrad - 24 * s2))));
        return new ImageMeasures
        {
            BrightnessP1 = Level(histogram, n, .01),
            BrightnessP5 = Level(histogram, n, .05),
            BrightnessP50 = Level(histogram, n, .5),
            BrightnessP95 = Level(histogram, n, .95),
            BrightnessP99 = Level(histogram, n, .99),
            BrightnessMean = mean / 255,
            Contrast = Math.Sqrt(Math.Max(0, square - mean * mean)) / 255,
            Entropy = entropy,
            ClippedLow = histogram[0] / n,
            ClippedHigh = histogram[255] / n,
            Laplacian = Quantile(Sorted(blocks.Select(b => b.LaplacianVariance)), .9),
            Tenengrad = Quantile(Sorted(blocks.Select(b => b.Tenengrad)), .9),
            EdgeSharpness = Quantile(edges, .5),
            EdgeSharpnessLow = Quantile(edges, .1),
            Textured = blocks.Count == 0 ? 0 : (double)edges.Length / blocks.Count,
            Noise = sigma,
        };
    }

    private static double Level(long[] histogram, double n, double share)
    {
        double seen = 0;
        for (int v = 0; v < 256; v++)
            if ((seen += histogram[v]) >= share * n)
                return v / 255.0;
        return 1;
    }

    private static float[] Sorted(IEnumerable<float> values)
    {
        float[] array = [.. values];
        Array.Sort(array);
        return array;
    }

    private static double Quantile(float[] sorted, double share) => sorted.Length == 0 ? 0 : sorted[(int)Math.Round(share * (sorted.Length - 1))];
}
