using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Perenne.Imaging;
using Perenne.Inference;
using Perenne.TestSupport;
using Perenne.Training.Boxes;
using Perenne.Training.Data;
using Perenne.Training.Learners;
using Perenne.Training.Network;
using Perenne.Training.Native;
using Perenne.Training.Training;
using TorchSharp;

namespace Perenne.Training.Tests;

/// <summary>
/// Not a test of anything: measures a training step and a prediction beside the same network in Debian's python3-torch, in turn; on one thread in processor time, which waiting
/// does not lengthen, on two by the clock, for a quiet machine. Prints the tables of docs/benchmarks.md.
/// </summary>
public sealed class SpeedRun(ITestOutputHelper output)
{
    private const int Rounds = 5, Steps = 8;

    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(2)]
    public void Training_and_prediction_beside_the_same_network_elsewhere(int threads)
    {
        TorchLibraries.Load();
        using JobFolder folder = new();
        for (int i = 0; i < 12; i++)
            folder.Add(new TestPicture(640, 640, (ulong)i).Square(40 + 30 * i, 200, 24, 220).Disc(300, 40 + 30 * i, 20, 20), SampleSplit.Train,
                [new SampleShape { Class = i % 6, Box = [40 + 30 * i, 200, 24, 24] }, new SampleShape { Class = (i + 3) % 6, Box = [300, 40 + 30 * i, 20, 20] }]);
        folder.Job = folder.Job with { Classes = [.. Enumerable.Range(0, 6).Select(i => new ModelClass($"c{i}"))], Steps = 1, Parameters = JsonSerializer.SerializeToElement(new { threads = 1, evaluations = 1 }) };
        Assert.Equal(0, folder.Run());
        torch.set_num_threads(threads); // After the run, which sets its own.

        TrainingParameters parameters = TrainingParameters.Read(null);
        JobData data = new(folder.Job, SampleList.Read(folder.Job, folder.Path, 0.1), parameters, Path.Combine(folder.Path, "images"));
        DetectionLearner learner = new(new Backbone(1), new Head(ModelTask.Detect, 6, [8]), data, parameters, 1);
        using TrainingState state = new(new ParameterLayout([.. learner.Backbone.Layers, .. learner.Head.Layers]));
        state.Layout.Initialise(TrainingState.Span(state.Weights), TrainingState.Span(state.Statistics), 1);
        state.StartAverage();
        using TorchGraph graph = new(state.Layout, state.Weights, state.Statistics, state.Gradients, half: false), average = new(state.Layout, state.Average, state.AverageStatistics, null, half: false);
        using ModelSession session = new(ModelPackage.Open(folder.ModelFolder), new SessionSettings { Threads = threads, Spin = threads > 1 });
        using ImageSource source = ImageSource.FromFile(Path.Combine(folder.Path, "images", "000.bmp"));
        using PixelBuffer pixels = ImageDecoder.Decode(source, ImageProbe.Probe(source).Facts!).Pixels!;
        Picture picture = data.Pictures[data.Train[0]];

        int number = 0;
        Dictionary<string, List<double>> measured = new() { ["step"] = [], ["predict"] = [], ["onnx"] = [], ["python step"] = [], ["python predict"] = [] };
        for (int round = 0; round < Rounds; round++)
        {
            measured["step"].Add(Milliseconds(threads, () => Step(learner, state, graph, parameters, ++number)));
            measured["predict"].Add(Milliseconds(threads, () => Predict(learner, average, picture)));
            measured["onnx"].Add(Milliseconds(threads, () => session.Predict(pixels)));
            (double step, double predict) = Python(threads);
            measured["python step"].Add(step);
            measured["python predict"].Add(predict);
            // A machine that is busy with other things may not live to see the last round.
            output.WriteLine($"{threads} threads, round {round + 1}: " + string.Join(", ", measured.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Key} {m.Value[^1]:0.0} ms"))));
        }

        foreach ((string name, List<double> values) in measured)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {Median(values):0.0} ms ({values.Min():0.0} – {values.Max():0.0})"));
        double Ratio(string a, string b) => Median([.. measured[a].Zip(measured[b], (x, y) => x / y)]);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"training, PyTorch : ours {Ratio("python step", "step"):0.00}; prediction, TorchSharp : ONNX Runtime {Ratio("predict", "onnx"):0.00}; prediction, PyTorch : ONNX Runtime {Ratio("python predict", "onnx"):0.00}"));
    }

    // Crops, network, assignment, loss, gradients, AdamW and average: all of a step.
    private static void Step(DetectionLearner learner, TrainingState state, TorchGraph graph, TrainingParameters parameters, int number)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Span<float> gradients = TrainingState.Span(state.Gradients), weights = TrainingState.Span(state.Weights);
        gradients.Clear();
        learner.Learn(graph, learner.Make(number));
        graph.AddGradients();
        AdamW.Clip(gradients, (float)parameters.GradientClip);
        AdamW.Step(weights, gradients, state.FirstMoment, state.SecondMoment, state.Decayed, number, 1e-4f, (float)parameters.WeightDecay);
        AdamW.Average(TrainingState.Span(state.Average), weights, 0.998f);
        AdamW.Average(TrainingState.Span(state.AverageStatistics), TrainingState.Span(state.Statistics), 0.998f);
    }

    private static void Predict(DetectionLearner learner, TorchGraph graph, Picture picture)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable frozen = torch.no_grad();
        _ = learner.Head.Run(graph, learner.Backbone.Run(graph, new Window(picture, 0, 0, 640, 640).ToBatch().ToTensor()));
    }

    private static double Milliseconds(int threads, Action work)
    {
        work();
        work();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Steps; i++)
            work();
        return (threads == 1 ? Environment.CpuUsage.TotalTime - before : Stopwatch.GetElapsedTime(start)).TotalMilliseconds / Steps;
    }

    private static (double Step, double Predict) Python(int threads)
    {
        using Process python = Process.Start(new ProcessStartInfo("/usr/bin/python3", [Path.Combine(SharedData.RepositoryRoot, "bench", "training", "torch_step.py"), Steps.ToString(CultureInfo.InvariantCulture), threads.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
        using JsonDocument answer = JsonDocument.Parse(python.StandardOutput.ReadToEnd());
        python.WaitForExit();
        Assert.Equal(864_970, answer.RootElement.GetProperty("parameters").GetInt32());
        return (answer.RootElement.GetProperty("step").GetDouble(), answer.RootElement.GetProperty("predict").GetDouble());
    }

    private static double Median(IReadOnlyCollection<double> values) => values.Order().ElementAt(values.Count / 2);
}
