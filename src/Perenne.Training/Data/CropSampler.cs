using Perenne.Contracts.Jobs;
using Perenne.Training.Boxes;
using Perenne.Vision.Geometry;
using Perenne.Vision.Statistics;

namespace Perenne.Training.Data;

/// <summary>A crop to be learnt from.</summary>
/// <param name="Sample">Position of the sample.</param>
/// <param name="Clean">Take the defect-free reference in place of the image: nothing is to be found on it.</param>
internal readonly record struct CropPlan(int Sample, View View, bool Clean = false);

/// <summary>
/// Draws the crops of a step. A crop is a pure function of seed, step and place in the batch, so a resumed run sees
/// what an unbroken one would have seen. Rare classes are drawn more often: by the square root of their number.
/// </summary>
internal sealed class CropSampler
{
    private readonly IReadOnlyList<TrainingSample> samples;
    private readonly TrainingParameters parameters;
    private readonly SizeChoice sizes;
    private readonly bool cleanReferences;
    private readonly (int Sample, Box Box)[][] byClass;
    private readonly double[] cumulative;

    /// <param name="samples">The training samples.</param>
    /// <param name="parameters">Crop size, shares and strengths.</param>
    /// <param name="sizes">How the pictures were scaled; boxes follow.</param>
    /// <param name="cleanReferences">Reference images are at hand (and not an input): use them as images without defects.</param>
    public CropSampler(IReadOnlyList<TrainingSample> samples, TrainingParameters parameters, SizeChoice sizes, bool cleanReferences)
    {
        (this.samples, this.parameters, this.sizes, this.cleanReferences) = (samples, parameters, sizes, cleanReferences);
        byClass = [.. samples.SelectMany((s, i) => s.Shapes.Where(d => !d.Ignore).Select(d => (d.Class, Sample: i, Box: BoxOf(s, d))))
            .GroupBy(d => d.Class).OrderBy(g => g.Key).Select(g => g.Select(d => (d.Sample, d.Box)).ToArray())];
        double sum = 0;
        cumulative = [.. byClass.Select(c => sum += Math.Sqrt(c.Length))];
    }

    public CropPlan Draw(long seed, int step, int slot)
    {
        SeededRandom random = new((ulong)seed, 0x2000_0000_0000UL + (ulong)step * 4096 + (ulong)slot);
        bool focused = byClass.Length > 0 && random.NextDouble() < parameters.DefectShare;
        (int sample, Box? box) = focused ? DrawDefect(random) : (random.Next(samples.Count), null);
        float scale = random.NextDouble() < 0.5 ? MathF.Exp((float)((2 * random.NextDouble() - 1) * Math.Log(parameters.ScaleJitter))) : 1;
        float window = parameters.Crop / scale;
        float left = Start(random, Side(sample, wide: true), window, box?.X, box?.Right), top = Start(random, Side(sample, wide: false), window, box?.Y, box?.Bottom);
        if (scale == 1)
            (left, top) = (MathF.Floor(left), MathF.Floor(top));
        int symmetry = parameters.Flips ? random.Next(8) : 0;
        bool contrast = random.NextDouble() < parameters.ContrastShare;
        (double gain, double offset) = (random.NextDouble(), random.NextDouble());
        bool clean = cleanReferences && samples[sample].Reference is not null && random.NextDouble() < parameters.CleanShare;
        View view = new(left, top, parameters.Crop, scale, symmetry, contrast ? (float)(0.75 + 0.5 * gain) : 1, contrast ? (float)(0.2 * offset - 0.1) : 0);
        return new CropPlan(sample, view, clean);
    }

    /// <summary>The boxes of a crop; those less than half visible become regions to ignore.</summary>
    public List<TargetBox> Boxes(CropPlan plan)
    {
        List<TargetBox> boxes = [];
        foreach (SampleShape shape in plan.Clean ? [] : samples[plan.Sample].Shapes)
        {
            Box whole = plan.View.ToCrop(BoxOf(samples[plan.Sample], shape));
            double left = Math.Max(whole.X, 0), top = Math.Max(whole.Y, 0), right = Math.Min(whole.Right, plan.View.Size), bottom = Math.Min(whole.Bottom, plan.View.Size);
            if (right - left < 1 || bottom - top < 1)
                continue;
            bool hidden = (right - left) * (bottom - top) < 0.5 * whole.Area;
            boxes.Add(new TargetBox(shape.Class, (float)left, (float)top, (float)right, (float)bottom, shape.Ignore || hidden));
        }
        return boxes;
    }

    private (int, Box?) DrawDefect(SeededRandom random)
    {
        double at = random.NextDouble() * cumulative[^1];
        int index = Math.Min(Array.FindIndex(cumulative, c => at < c) is >= 0 and int found ? found : cumulative.Length - 1, cumulative.Length - 1);
        return byClass[index][random.Next(byClass[index].Length)];
    }

    private Box BoxOf(TrainingSample sample, SampleShape shape)
    {
        double scale = sizes.ScaleOf(sample);
        return new(shape.Box[0] * scale, shape.Box[1] * scale, shape.Box[2] * scale, shape.Box[3] * scale);
    }

    private int Side(int sample, bool wide) => Math.Max(1, (int)Math.Round((wide ? samples[sample].Width : samples[sample].Height) * sizes.ScaleOf(samples[sample])));

    // Around a defect: any window that holds it whole (or, where it is larger than the window, lies on it). Never beyond the picture unless that is smaller.
    private static float Start(SeededRandom random, int length, float window, double? low, double? high)
    {
        double u = random.NextDouble();
        if (length <= window)
            return (float)((length - window) * u);
        if (low is null)
            return (float)(u * (length - window));
        double first = Math.Min(high!.Value - window, low.Value), last = Math.Max(high.Value - window, low.Value);
        return (float)Math.Clamp(first + u * (last - first), 0, length - window);
    }
}
