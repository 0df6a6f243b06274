using System.Diagnostics;
using Perenne.Contracts.Models;
using Perenne.Contracts.Observations;

namespace Perenne.Inference;

/// <summary>One frame on its way through a run: its tiles, and what they answered so far.</summary>
internal sealed class FrameWork : IDisposable
{
    private readonly HeadSpec spec;
    private readonly FramePlanes planes;
    private readonly List<Scored> found = [];
    private readonly List<Candidate> candidates = [];
    private readonly SegmentationHead? segmentation;
    private double[] tags = [];
    private float[] features = [];
    private double value;
    private TimeSpan run, decode;

    public FrameWork(HeadSpec spec, Frame frame)
    {
        this.spec = spec;
        planes = new FramePlanes(spec.Manifest.Input, frame);
        Tiles = Placement.Of(spec.Manifest.Input, planes.Width, planes.Height);
        if (spec.Manifest.Task == ModelTask.Segment)
            segmentation = new SegmentationHead(spec, planes.Width, planes.Height);
    }

    public Placement[] Tiles { get; }

    public TimeSpan Prepare { get; set; }

    public void Write(InputWriter writer, int tile, Span<float> tensor) => writer.Write(planes.Planes, Tiles[tile], tensor);

    public void Read(OutputTensor[] outputs, int item, int tile, TimeSpan ran)
    {
        long start = Stopwatch.GetTimestamp();
        run += ran;
        Placement p = Tiles[tile];
        switch (spec.Manifest.Head.Family)
        {
            case HeadFamily.Perenne: PerenneHead.Decode(spec, outputs, item, p, candidates); break;
            case HeadFamily.Yolox: YoloHeads.Yolox(spec, outputs[0], item, p, candidates); break;
            case HeadFamily.Yolov5: YoloHeads.Yolov5(spec, outputs[0], item, candidates); break;
            case HeadFamily.Yolov8: YoloHeads.Yolov8(spec, outputs[0], item, candidates); break;
            case HeadFamily.Detr: DetrHead.Decode(spec, outputs[0], outputs[1], item, p, candidates); break;
            case HeadFamily.Classification: tags = Mean(tags, WholeImageHeads.Tags(spec, outputs[0], item)); break;
            case HeadFamily.Regression: value += WholeImageHeads.Value(spec, outputs[0], item) / Tiles.Length; break;
            case HeadFamily.Segmentation: segmentation!.Add(outputs[0], item, p); break;
        }
        Collect(p, tile);
        if (spec.Manifest.Features is { } f)
            AddFeatures(outputs[^1], item, f);
        decode += Stopwatch.GetElapsedTime(start);
    }

    public Prediction Finish()
    {
        long start = Stopwatch.GetTimestamp();
        IEnumerable<Scored> boxes = segmentation?.Regions() ?? Nms.Apply(Tiles.Length > 1 ? TileMerge.Apply(found) : found, spec.Manifest.Nms);
        Detection[] detections = [.. boxes.Select(b => new Detection(b.Class, b.Score, b.Box, spec.Scores.Counts(b.Class, b.Score))).OrderByDescending(d => d.Score)];
        decode += Stopwatch.GetElapsedTime(start);
        return new Prediction
        {
            Detections = detections,
            Tags = tags,
            Value = spec.Manifest.Task == ModelTask.Regress ? value : null,
            Mask = segmentation?.Mask,
            Features = features,
            Verdict = IsGood(detections) ? Verdict.Ok : Verdict.NotOk,
            Timing = new PredictionTiming(Prepare.TotalMilliseconds, run.TotalMilliseconds, decode.TotalMilliseconds),
        };
    }

    public void Dispose() => planes.Dispose();

    private void Collect(in Placement p, int tile)
    {
        foreach (Candidate c in candidates)
        {
            var box = p.ToImage(c.X1, c.Y1, c.X2, c.Y2);
            // NaN from a broken network, and boxes wholly in the border, are not detections.
            if (box.Width > 0 && box.Height > 0)
                found.Add(new Scored(c.Class, spec.Scores.Calibrate(c.Score), box, tile, TileMerge.IsCut(box, p, planes.Width, planes.Height)));
        }
        candidates.Clear();
    }

    private bool IsGood(Detection[] detections) => spec.Manifest.Task switch
    {
        ModelTask.Classify => !tags.Where((score, type) => spec.Scores.Counts(type, score)).Any(),
        // A value that is no number is within no limits.
        ModelTask.Regress => value >= (spec.Manifest.Limits?.Min ?? double.MinValue) && value <= (spec.Manifest.Limits?.Max ?? double.MaxValue),
        _ => !detections.Any(d => d.Counts),
    };

    private double[] Mean(double[] sum, double[] next)
    {
        if (sum.Length == 0)
            sum = new double[next.Length];
        for (int i = 0; i < next.Length; i++)
            sum[i] += next[i] / Tiles.Length;
        return sum;
    }

    private void AddFeatures(OutputTensor tensor, int item, FeatureOutput output)
    {
        tensor.Expect("the feature output", -1, output.Length);
        ReadOnlySpan<float> next = tensor.Item(item);
        if (features.Length == 0)
            features = new float[next.Length];
        for (int i = 0; i < next.Length; i++)
            features[i] += next[i] / Tiles.Length;
    }
}
