using System.Text.Json;
using Perenne.Contracts;
using Perenne.Training.Native;
using Perenne.Vision.Statistics;

namespace Perenne.Training.Tests;

/// <summary>A job in a temporary folder, with synthetic pictures; it is run in this process or in one of its own.</summary>
internal sealed class JobFolder : IDisposable
{
    public static readonly object Fast = new { threads = 1, crop = 64, batch = 8, evaluations = 3, learningRate = 3e-3, average = 0.9 };

    private readonly List<TrainingSample> samples = [];

    public string Path { get; } = Directory.CreateTempSubdirectory("perenne-training-").FullName;

    public TrainingJob Job { get; set; } = new() { Task = ModelTask.Detect, Classes = [new("square"), new("disc")], Steps = 40, Parameters = JsonSerializer.SerializeToElement(Fast) };

    public string ModelFolder => System.IO.Path.Combine(Path, "model");

    public void Add(TestPicture picture, SampleSplit split, IReadOnlyList<SampleShape>? shapes = null, int? tag = null, double? value = null)
    {
        string name = FormattableString.Invariant($"{samples.Count:000}.bmp");
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "images"));
        picture.Save(System.IO.Path.Combine(Path, "images", name));
        samples.Add(new TrainingSample { Id = name, Path = name, Split = split, Width = picture.Width, Height = picture.Height, Shapes = shapes ?? [], Tag = tag, Value = value });
    }

    public void Change(int sample, Func<TrainingSample, TrainingSample> change) => samples[sample] = change(samples[sample]);

    /// <summary>Bright squares and dark discs on noise, two of each picture's four corners taken.</summary>
    public static JobFolder OfDefects(int images = 24, int tests = 8, ulong seed = 1)
    {
        JobFolder job = new();
        SeededRandom random = new(seed);
        for (int i = 0; i < images + tests; i++)
        {
            TestPicture picture = new(96, 96, seed * 1000 + (ulong)i);
            List<SampleShape> shapes = [];
            foreach (int corner in (int[])[random.Next(2), 2 + random.Next(2)])
            {
                int kind = random.Next(2), side = 14 + random.Next(10), x = corner % 2 * 48 + 4 + random.Next(18), y = corner / 2 * 48 + 4 + random.Next(18);
                _ = kind == 0 ? picture.Square(x, y, side, 220) : picture.Disc(x, y, side, 20);
                shapes.Add(new SampleShape { Class = kind, Box = [x, y, side, side] });
            }
            job.Add(picture, i < images ? SampleSplit.Train : SampleSplit.Test, i % 8 == 7 && i < images ? [] : shapes);
            if (i % 8 == 7 && i < images)
                new TestPicture(96, 96, (ulong)i).Save(System.IO.Path.Combine(job.Path, "images", job.samples[^1].Path));
        }
        return job;
    }

    public JobFolder Write()
    {
        File.WriteAllText(System.IO.Path.Combine(Path, "job.json"), JsonSerializer.Serialize(Job, ContractJson.Indented));
        File.WriteAllLines(System.IO.Path.Combine(Path, "samples.jsonl"), samples.Select(s => JsonSerializer.Serialize(s, ContractJson.Options)));
        return this;
    }

    /// <summary>Trains in this process.</summary>
    public int Run(TimeProvider? time = null)
    {
        Write();
        TorchLibraries.Load();
        return JobRunner.Run(Path, time ?? TimeProvider.System, default);
    }

    public ModelManifest Manifest() => JsonSerializer.Deserialize<ModelManifest>(File.ReadAllBytes(System.IO.Path.Combine(ModelFolder, "model.json")), ContractJson.Options)!;

    public IEnumerable<TrainingProgress> Progress() =>
        File.ReadLines(System.IO.Path.Combine(Path, "metrics.jsonl")).Select(l => JsonSerializer.Deserialize<TrainingProgress>(l, ContractJson.Options)!);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
