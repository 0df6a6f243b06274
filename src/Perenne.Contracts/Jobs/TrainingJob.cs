using System.Text.Json;
using Perenne.Contracts.Models;

namespace Perenne.Contracts.Jobs;

/// <summary>
/// <c>job.json</c>: the input of a trainer, built in or a user's own command. All paths are relative to the folder
/// the file is in. Output: <c>metrics.jsonl</c> (appended), <c>checkpoint/</c>, <c>model/</c>. Exit code 0 = done,
/// 75 = stopped, resume from the checkpoint; anything else = failed, the last lines of stderr are the reason.
/// </summary>
public sealed record TrainingJob
{
    /// <summary>The version of this document that this code writes.</summary>
    public const string CurrentFormat = "perenne-job/1";

    /// <summary>Exit code of a trainer that was asked to stop (SIGTERM) and can resume.</summary>
    public const int StoppedExitCode = 75;

    /// <summary>Always <see cref="CurrentFormat"/>.</summary>
    public string Format { get; init; } = CurrentFormat;

    /// <summary>Id of the run, for the lineage.</summary>
    public string Run { get; init; } = "";

    /// <summary>A name for the model.</summary>
    public string Name { get; init; } = "model";

    /// <summary>What is trained.</summary>
    public required ModelTask Task { get; init; }

    /// <summary>Label classes; index = class number in <see cref="TrainingSample"/>.</summary>
    public IReadOnlyList<ModelClass> Classes { get; init; } = [];

    /// <summary>One <see cref="TrainingSample"/> as JSON per line.</summary>
    public string Samples { get; init; } = "samples.jsonl";

    /// <summary>Content hash of the dataset version. Null for a plain folder.</summary>
    public string? DatasetVersion { get; init; }

    /// <summary>Folder the sample paths are relative to.</summary>
    public string Images { get; init; } = "images";

    /// <summary>Folder of a model package to start from. Null: from scratch.</summary>
    public string? WarmStart { get; init; }

    /// <summary>Seed of everything random.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Wall-clock budget in minutes; the step count follows from the first steps and is recorded. Ignored when <see cref="Steps"/> is given.</summary>
    public double? Minutes { get; init; }

    /// <summary>Exact number of optimiser steps: the reproducible form.</summary>
    public int? Steps { get; init; }

    /// <summary>Hyper-parameters of the trainer; unknown names are refused by the built-in one.</summary>
    public JsonElement? Parameters { get; init; }

    /// <summary>Where the trainer appends one <see cref="TrainingProgress"/> as JSON per line.</summary>
    public string Metrics { get; init; } = "metrics.jsonl";

    /// <summary>Folder for checkpoints; if it holds one, the trainer goes on from there.</summary>
    public string Checkpoint { get; init; } = "checkpoint";

    /// <summary>Folder for the finished model package, written under another name and renamed at the end.</summary>
    public string Model { get; init; } = "model";
}

/// <summary>One image of a training job: a line of <c>samples.jsonl</c>.</summary>
public sealed record TrainingSample
{
    /// <summary>Id of the image in its source.</summary>
    public required string Id { get; init; }

    /// <summary>File relative to the job's image folder.</summary>
    public required string Path { get; init; }

    /// <summary>Aligned defect-free image of the same part, relative to the same folder. Null: none.</summary>
    public string? Reference { get; init; }

    /// <summary>The part of the data set the image is in; it never changes between versions.</summary>
    public required SampleSplit Split { get; init; }

    /// <summary>Width of the upright image in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Shapes; empty = looked at, no defect.</summary>
    public IReadOnlyList<SampleShape> Shapes { get; init; } = [];

    /// <summary>Image tag as class number, for classification.</summary>
    public int? Tag { get; init; }

    /// <summary>Image value, for regression.</summary>
    public double? Value { get; init; }

    /// <summary>Slug of the organization. Null outside the hub.</summary>
    public string? Organization { get; init; }

    /// <summary>Camera name. Null when unknown.</summary>
    public string? Camera { get; init; }
}

/// <summary>Parts of a data set.</summary>
public enum SampleSplit
{
    /// <summary>Used to fit.</summary>
    Train,

    /// <summary>Used to choose checkpoint, thresholds and calibration.</summary>
    Validation,

    /// <summary>Frozen: only measured.</summary>
    Test,
}

/// <summary>One annotated shape.</summary>
public sealed record SampleShape
{
    /// <summary>Class number.</summary>
    public required int Class { get; init; }

    /// <summary>Axis-aligned bounds [x, y, width, height] in pixels of the upright image.</summary>
    public required IReadOnlyList<double> Box { get; init; }

    /// <summary>Outline as [x1, y1, x2, y2, …] in pixels for polygons and masks. Null for a box.</summary>
    public IReadOnlyList<double>? Polygon { get; init; }

    /// <summary>True: do not learn from this region (crowd, difficult).</summary>
    public bool Ignore { get; init; }
}

/// <summary>One line of <c>metrics.jsonl</c>. Every field but <see cref="Step"/> may be missing.</summary>
public sealed record TrainingProgress
{
    /// <summary>Optimiser steps done.</summary>
    public required int Step { get; init; }

    /// <summary>Steps planned.</summary>
    public int? Steps { get; init; }

    /// <summary>Seconds of training so far, over all resumes.</summary>
    public double? Seconds { get; init; }

    /// <summary>Expected seconds until the end.</summary>
    public double? RemainingSeconds { get; init; }

    /// <summary>Mean training loss since the last line.</summary>
    public double? Loss { get; init; }

    /// <summary>Learning rate.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Images (crops) per second since the last line.</summary>
    public double? ImagesPerSecond { get; init; }

    /// <summary>Resident memory in bytes.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Validation figures in [0, 1] when this line is an evaluation, e.g. <c>mAP@.5</c>.</summary>
    public IReadOnlyDictionary<string, double>? Validation { get; init; }

    /// <summary>What the model says about a few validation images, to look at while it trains. At most 8 are shown. Null: none on this line.</summary>
    public IReadOnlyList<SampleAnswer>? Answers { get; init; }

    /// <summary>A sentence for people: what the trainer is doing, or a warning.</summary>
    public string? Message { get; init; }
}

/// <summary>A model's answer about one sample of <c>samples.jsonl</c>.</summary>
public sealed record SampleAnswer
{
    /// <summary>The sample's id.</summary>
    public required string Id { get; init; }

    /// <summary>Boxes in pixels of the upright image, strongest first. At most 30 are shown.</summary>
    public IReadOnlyList<AnsweredBox> Found { get; init; } = [];

    /// <summary>Class number of the surest tag, for classification.</summary>
    public int? Tag { get; init; }

    /// <summary>The value, for regression.</summary>
    public double? Value { get; init; }
}

/// <summary>A box of a <see cref="SampleAnswer"/>.</summary>
/// <param name="Class">Class number.</param>
/// <param name="Score">Score in [0, 1].</param>
/// <param name="Box">[x, y, width, height] in pixels.</param>
public sealed record AnsweredBox(int Class, double Score, IReadOnlyList<double> Box);
