using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Perenne.Contracts;
using Perenne.Contracts.Jobs;
using Perenne.Contracts.Models;

namespace Perenne.Training.Data;

/// <summary>The lines of <c>samples.jsonl</c>, checked, by their part.</summary>
internal sealed record SampleList(IReadOnlyList<TrainingSample> Train, IReadOnlyList<TrainingSample> Validation, IReadOnlyList<TrainingSample> Test, string Hash)
{
    public IReadOnlyList<TrainingSample> All { get; } = [.. Train, .. Validation, .. Test];

    /// <exception cref="TrainerException">A line is malformed, or too little can be learnt from.</exception>
    public static SampleList Read(TrainingJob job, string folder, double heldOut)
    {
        string path = Path.Combine(folder, job.Samples);
        if (!File.Exists(path))
            throw new TrainerException($"{job.Samples} is missing in the job folder.");
        List<TrainingSample> samples = [];
        XxHash128 hash = new();
        foreach (string line in File.ReadLines(path).Where(l => !string.IsNullOrWhiteSpace(l)))
        {
            samples.Add(Parse(job, line, samples.Count + 1));
            hash.Append(Encoding.UTF8.GetBytes(line));
        }
        return Split(job, samples, heldOut, Convert.ToHexStringLower(hash.GetCurrentHash()));
    }

    private static SampleList Split(TrainingJob job, List<TrainingSample> samples, double heldOut, string hash)
    {
        List<TrainingSample> usable = [.. samples.Where(s => IsUsable(job.Task, s))];
        List<TrainingSample> train = [.. usable.Where(s => s.Split == SampleSplit.Train)], validation = [.. usable.Where(s => s.Split == SampleSplit.Validation)];
        if (train.Count < 2)
            throw new TrainerException($"There {(train.Count == 1 ? "is 1 image" : "are no images")} to train on; at least 2 are needed, better 50. Annotate more images or choose another split.");
        if (validation.Count == 0 && heldOut > 0)
        {
            // By a hash of the id: the same images in every version of the data set.
            int wanted = Math.Max(1, (int)Math.Round(train.Count * heldOut));
            HashSet<TrainingSample> chosen = [.. train.OrderBy(s => XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(s.Id))).Take(Math.Min(wanted, train.Count - 1))];
            (train, validation) = ([.. train.Where(s => !chosen.Contains(s))], [.. chosen.OrderBy(s => s.Id, StringComparer.Ordinal)]);
        }
        CheckClasses(job, train);
        return new SampleList(train, validation, [.. usable.Where(s => s.Split == SampleSplit.Test)], hash);
    }

    private static bool IsUsable(ModelTask task, TrainingSample sample) => task switch
    {
        ModelTask.Classify => sample.Tag is not null,
        ModelTask.Regress => sample.Value is not null,
        _ => true,
    };

    private static void CheckClasses(TrainingJob job, List<TrainingSample> train)
    {
        if (job.Task == ModelTask.Regress)
            return;
        if (job.Classes.Count == 0)
            throw new TrainerException("The job names no label classes; at least one is needed.");
        HashSet<int> seen = job.Task == ModelTask.Classify ? [.. train.Select(s => s.Tag!.Value)] : [.. train.SelectMany(s => s.Shapes).Where(d => !d.Ignore).Select(d => d.Class)];
        string[] empty = [.. job.Classes.Where((_, i) => !seen.Contains(i)).Select(c => c.Name)];
        if (empty.Length == job.Classes.Count)
            throw new TrainerException("No training image carries an annotation of any class: there is nothing to learn. Annotate some, or check the names of the classes.");
        if (empty.Length > 0)
            throw new TrainerException($"No training image carries {string.Join(", ", empty)}. Annotate examples of {(empty.Length == 1 ? "it" : "them")}, or leave {(empty.Length == 1 ? "it" : "them")} out of the classes.");
    }

    private static TrainingSample Parse(TrainingJob job, string line, int number)
    {
        TrainingSample sample;
        try
        {
            sample = JsonSerializer.Deserialize<TrainingSample>(line, ContractJson.Options) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new TrainerException($"{job.Samples}, line {number}: {e.Message}", e);
        }
        string? problem = sample.Width < 1 || sample.Height < 1 ? "width and height must be above 0"
            : job.Task is ModelTask.Detect or ModelTask.Segment && sample.Shapes.Any(s => s.Class < 0 || s.Class >= job.Classes.Count) ? $"a class number is not one of the job's {job.Classes.Count} classes"
            : sample.Shapes.Any(s => s.Box.Count != 4 || s.Box.Any(v => !double.IsFinite(v)) || s.Box[2] < 0 || s.Box[3] < 0) ? "a box is not [x, y, width, height]"
            : job.Task == ModelTask.Classify && sample.Tag is { } tag && (tag < 0 || tag >= job.Classes.Count) ? $"the tag is not one of the job's {job.Classes.Count} classes"
            : sample.Value is { } value && !double.IsFinite(value) ? "the value is not a finite number" : null;
        return problem is null ? sample : throw new TrainerException($"{job.Samples}, line {number} ({sample.Id}): {problem}.");
    }
}
