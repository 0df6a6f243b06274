using Perenne.Contracts.Jobs;
using Perenne.Contracts.Models;

namespace Perenne.Training.Data;

/// <summary>Scale of the images, levels of the detector and size of the whole-image input, from the sizes of boxes and images unless the job gives them.</summary>
/// <param name="Fit">Images are scaled to fit into this; null: native size.</param>
/// <param name="Strides">Levels of the detector.</param>
internal sealed record SizeChoice((int Width, int Height)? Fit, IReadOnlyList<int> Strides)
{
    // A crop of 192 must hold most defects whole; the level at stride 8 places boxes up to about 96 pixels well.
    private const double LargestSide = 160, SmallLevel = 96, MiddleLevel = 192;
    private const int LargestInput = 320;

    public static SizeChoice Of(ModelTask task, IReadOnlyList<TrainingSample> train, TrainingParameters parameters)
    {
        if (task is ModelTask.Classify or ModelTask.Regress)
        {
            int median = train.Select(s => Math.Max(s.Width, s.Height)).Order().ElementAt(train.Count / 2);
            int side = parameters.ImageSize > 0 ? parameters.ImageSize : Math.Clamp(RoundUp(median), 64, LargestInput);
            return new SizeChoice((side, side), []);
        }
        double[] sides = [.. train.SelectMany(s => s.Shapes).Where(d => !d.Ignore).Select(d => Math.Max(d.Box[2], d.Box[3])).Order()];
        double scale = parameters.ImageScale > 0 ? parameters.ImageScale : task == ModelTask.Detect ? ScaleFor(sides) : 1;
        IReadOnlyList<int> strides = parameters.Strides.Count > 0 ? [.. parameters.Strides.Order()] : StridesFor(sides, scale);
        (int, int)? fit = scale == 1 ? null : (RoundUp(train.Max(s => s.Width) * scale), RoundUp(train.Max(s => s.Height) * scale));
        return new SizeChoice(fit, strides);
    }

    /// <summary>Factor on width and height of this sample.</summary>
    public double ScaleOf(TrainingSample sample) => Fit is { } fit ? Math.Min((double)fit.Width / sample.Width, (double)fit.Height / sample.Height) : 1;

    private static int RoundUp(double side) => (int)Math.Ceiling(side / 32) * 32;

    private static double ScaleFor(double[] sides)
    {
        if (sides.Length == 0 || Quantile(sides, 0.9) is var large && large <= LargestSide)
            return 1;
        // Never so small that the smallest defects fall below two cells.
        double small = Math.Max(Quantile(sides, 0.05), 1);
        return Math.Clamp(LargestSide / large, Math.Min(1, 12 / small), 1);
    }

    private static IReadOnlyList<int> StridesFor(double[] sides, double scale)
    {
        double largest = sides.Length == 0 ? 0 : Quantile(sides, 0.98) * scale;
        return largest > MiddleLevel ? [8, 16, 32] : largest > SmallLevel ? [8, 16] : [8];
    }

    private static double Quantile(double[] sorted, double q) => sorted[Math.Min(sorted.Length - 1, (int)(q * sorted.Length))];
}
