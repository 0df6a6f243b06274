using Perenne.Contracts.Jobs;
using Perenne.Contracts.Models;
using Perenne.Training.Data;
using Perenne.Training.Network;
using Perenne.Vision.Metrics;
using Perenne.Vision.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Perenne.Training.Learners;

/// <summary>One answer per image: a tag (softmax) or a value (Huber loss on the standardised value).</summary>
internal sealed class WholeImageLearner : Learner
{
    private readonly JobData data;
    private readonly TrainingParameters parameters;
    private readonly TrainingJob job;
    private readonly int side;
    private readonly int[][] byTag;
    private readonly double offset, unit;

    public WholeImageLearner(Backbone backbone, Head head, JobData data, TrainingParameters parameters, TrainingJob job) : base(backbone, head)
    {
        (this.data, this.parameters, this.job, side) = (data, parameters, job, data.Sizes.Fit!.Value.Width);
        byTag = [.. data.Train.Select((s, i) => (s.Tag, i)).GroupBy(s => s.Tag ?? 0).OrderBy(g => g.Key).Select(g => g.Select(s => s.i).ToArray())];
        double[] values = [.. data.Train.Select(s => s.Value ?? 0)];
        offset = values.Average();
        unit = Math.Sqrt(values.Sum(v => (v - offset) * (v - offset)) / values.Length) is > 0 and var deviation ? deviation : 1;
    }

    private bool IsTag => Head.Task == ModelTask.Classify;

    public override Batch Make(int step)
    {
        int size = side * side * data.Pictures.PlaneCount;
        float[] input = new float[parameters.Batch * size];
        TrainingSample[] targets = new TrainingSample[parameters.Batch];
        for (int slot = 0; slot < parameters.Batch; slot++)
        {
            SeededRandom random = new((ulong)job.Seed, 0x3000_0000_0000UL + (ulong)step * 4096 + (ulong)slot);
            // Every tag as often as the others; half a batch of them when values are learnt would say nothing.
            int[] group = byTag[random.Next(byTag.Length)];
            targets[slot] = data.Train[group[random.Next(group.Length)]];
            Cutter.Crop(data.Pictures[targets[slot]], DrawView(random, data.Pictures[targets[slot]]), input.AsSpan(slot * size, size));
        }
        return new Batch(input, parameters.Batch, side / 4, side / 4, targets);
    }

    public override double Learn(TorchGraph graph, Batch batch)
    {
        Tensor output = ChannelsLast(Run(graph, batch.ToTensor())[0].Value);
        float[] values = Values(output), gradient = new float[values.Length];
        TrainingSample[] targets = (TrainingSample[])batch.Targets;
        int width = values.Length / targets.Length;
        double loss = 0;
        for (int i = 0; i < targets.Length; i++)
            loss += IsTag ? PointLosses.Softmax(values.AsSpan(i * width, width), targets[i].Tag!.Value, 1f / targets.Length, gradient.AsSpan(i * width, width))
                : PointLosses.Huber(values[i], (float)((targets[i].Value!.Value - offset) / unit), 1f / targets.Length, out gradient[i]);
        autograd.backward([output], [tensor(gradient, output.shape)]);
        return loss / targets.Length;
    }

    public override Figures Measure(TorchGraph graph, IReadOnlyList<TrainingSample> samples, CancellationToken cancellation)
    {
        float[][] answers = [.. samples.Select(s => Answer(graph, s, cancellation))];
        IReadOnlyList<SampleAnswer> shown = [.. samples.Zip(answers).Take(Figures.MostAnswers).Select(p => new SampleAnswer
        {
            Id = p.First.Id, Tag = IsTag ? Array.IndexOf(p.Second, p.Second.Max()) : null, Value = IsTag ? null : p.Second[0] * unit + offset,
        })];
        return (IsTag ? Tags(samples, answers) : Numbers(samples, answers)) with { Answers = shown };
    }

    public override ModelManifest Describe(TorchGraph graph, IReadOnlyList<TrainingSample> validation, ModelManifest manifest) => manifest with
    {
        Classes = IsTag ? data.Classes : [],
        Threshold = 0.5,
        Head = IsTag ? new ModelHead { Family = HeadFamily.Classification, Logits = true, Outputs = new Dictionary<string, string> { ["scores"] = "scores" } }
            : new ModelHead { Family = HeadFamily.Regression, Outputs = new Dictionary<string, string> { ["value"] = "value" }, ValueScale = unit, ValueOffset = offset },
    };

    private float[] Answer(TorchGraph graph, TrainingSample sample, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        return Values(ChannelsLast(Run(graph, new Window(data.Pictures[sample], 0, 0, side, side).ToBatch().ToTensor())[0].Value));
    }

    private static Figures Tags(IReadOnlyList<TrainingSample> samples, float[][] answers)
    {
        int[] truth = [.. samples.Select(s => s.Tag!.Value)], said = [.. answers.Select(a => Array.IndexOf(a, a.Max()))];
        double accuracy = Classification.Accuracy(truth, said), f1 = Classification.MacroF1(truth, said);
        // Ties between checkpoints are broken by how sure the right answers are.
        double sure = answers.Zip(truth).Average(p => PointLosses.Probability(p.First, p.Second));
        return new Figures(f1 + 0.1 * sure, new Dictionary<string, double> { ["accuracy"] = accuracy, ["macroF1"] = f1 });
    }

    private Figures Numbers(IReadOnlyList<TrainingSample> samples, float[][] answers)
    {
        Regression errors = Regression.Of([.. samples.Select(s => s.Value!.Value)], [.. answers.Select(a => a[0] * unit + offset)]);
        Dictionary<string, double> values = new() { ["mae"] = errors.MeanAbsoluteError, ["rmse"] = errors.RootMeanSquareError };
        if (errors.RSquared is { } r)
            values["r2"] = r;
        return new Figures(-errors.RootMeanSquareError / unit, values);
    }

    // The whole picture, moved and scaled a little, turned where that means nothing.
    private View DrawView(SeededRandom random, Picture picture)
    {
        float scale = MathF.Exp((float)((2 * random.NextDouble() - 1) * 0.1)), window = side / scale;
        float left = (float)(random.NextDouble() * (picture.Width - window)), top = (float)(random.NextDouble() * (picture.Height - window));
        int symmetry = parameters.Flips ? random.Next(8) : 0;
        bool contrast = random.NextDouble() < parameters.ContrastShare;
        return new View(left, top, side, scale, symmetry, contrast ? (float)(0.75 + 0.5 * random.NextDouble()) : 1, contrast ? (float)(0.2 * random.NextDouble() - 0.1) : 0);
    }
}
