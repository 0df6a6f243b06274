using System.Text.Json;
using System.Text.Json.Serialization;
using Perenne.Contracts;

namespace Perenne.Training;

/// <summary>Hyper-parameters of the built-in trainer: <c>parameters</c> of <c>job.json</c>. Described in docs/training.md.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TrainingParameters
{
    /// <summary>Side of the square training crops, pixels; a multiple of 32.</summary>
    public int Crop { get; init; } = 192;

    public int Batch { get; init; } = 16;
    public double LearningRate { get; init; } = 3e-3;
    public double WeightDecay { get; init; } = 0.05;
    public double GradientClip { get; init; } = 10;

    /// <summary>Steps of linear warm-up; 0: 200, but at most a quarter of a given number of steps.</summary>
    public int Warmup { get; init; }

    /// <summary>Decay of the moving average of weights and statistics.</summary>
    public double Average { get; init; } = 0.998;

    /// <summary>Share of crops around a defect.</summary>
    public double DefectShare { get; init; } = 0.8;

    /// <summary>Share of crops taken from the reference image, where there is one that is not an input.</summary>
    public double CleanShare { get; init; } = 0.1;

    /// <summary>Scale drawn from [1/this, this] on half of the crops.</summary>
    public double ScaleJitter { get; init; } = 1.3;

    public double ContrastShare { get; init; } = 0.3;

    /// <summary>All eight flips and rotations; off where the direction carries meaning.</summary>
    public bool Flips { get; init; } = true;

    /// <summary>The defect-free image of the same part as a further input.</summary>
    public bool Reference { get; init; }

    /// <summary>Colour of the input: auto, gray or rgb.</summary>
    public string Channels { get; init; } = "auto";

    /// <summary>Factor on width and height of every image; 0 chooses from the sizes of the boxes.</summary>
    public double ImageScale { get; init; }

    /// <summary>Side of the square input of classification and regression, pixels; a multiple of 32. 0 chooses from the images.</summary>
    public int ImageSize { get; init; }

    /// <summary>Strides of the detector's levels; empty chooses from the sizes of the boxes.</summary>
    public IReadOnlyList<int> Strides { get; init; } = [];

    /// <summary>Share of the training images held out for validation when the job names none.</summary>
    public double Validation { get; init; } = 0.08;

    /// <summary>Evaluations on the validation images.</summary>
    public int Evaluations { get; init; } = 10;

    /// <summary>Stops after this many evaluations without a better one; 0 never stops early.</summary>
    public int Patience { get; init; }

    /// <summary>Overlap above which the weaker of two detections of a class is dropped.</summary>
    public double NmsIou { get; init; } = 0.5;

    /// <summary>Megabytes of decoded images kept in memory.</summary>
    public int CacheMegabytes { get; init; } = 2048;

    /// <summary>Threads; 0 = all processors.</summary>
    public int Threads { get; init; }

    /// <summary>Precision of the convolutions while training: auto, float32 or bfloat16.</summary>
    public string Precision { get; init; } = "auto";

    /// <summary>Seconds between checkpoints.</summary>
    public double CheckpointSeconds { get; init; } = 30;

    /// <exception cref="TrainerException">An unknown name, a wrong type or a value out of range.</exception>
    public static TrainingParameters Read(JsonElement? json)
    {
        try
        {
            TrainingParameters read = json is { ValueKind: not JsonValueKind.Null } given ? given.Deserialize<TrainingParameters>(ContractJson.Options)! : new();
            read.Check();
            return read;
        }
        catch (JsonException e)
        {
            throw new TrainerException($"The job's parameters cannot be used: {e.Message} Known are: {string.Join(", ", typeof(TrainingParameters).GetProperties().Where(p => p.CanWrite).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)))}.", e);
        }
    }

    private void Check()
    {
        Require(Crop is >= 64 and <= 1024 && Crop % 32 == 0, "crop", "a multiple of 32 from 64 to 1024");
        Require(Batch is >= 1 and <= 256, "batch", "1 to 256");
        Require(LearningRate is > 0 and <= 1, "learningRate", "above 0 and at most 1");
        Require(Warmup is >= 0 and <= 100_000, "warmup", "0 to 100000 steps");
        Require(Average is >= 0 and < 1, "average", "at least 0 and below 1");
        Require(DefectShare is >= 0 and <= 1, "defectShare", "0 to 1");
        Require(CleanShare is >= 0 and <= 1, "cleanShare", "0 to 1");
        Require(ScaleJitter is >= 1 and <= 4, "scaleJitter", "1 to 4");
        Require(Channels is "auto" or "gray" or "rgb", "channels", "auto, gray or rgb");
        Require(Precision is "auto" or "float32" or "bfloat16", "precision", "auto, float32 or bfloat16");
        Require(ImageScale is >= 0 and <= 4, "imageScale", "0 to 4");
        Require(ImageSize is >= 0 and <= 1024 && ImageSize % 32 == 0, "imageSize", "a multiple of 32 up to 1024");
        Require(Strides.All(s => s is 8 or 16 or 32) && Strides.Distinct().Count() == Strides.Count, "strides", "some of 8, 16 and 32");
        Require(Validation is >= 0 and <= 0.5, "validation", "0 to 0.5");
        Require(Evaluations is >= 1 and <= 1000, "evaluations", "1 to 1000");
        Require(NmsIou is > 0 and <= 1, "nmsIou", "above 0 and at most 1");
    }

    private static void Require(bool good, string name, string expected)
    {
        if (!good)
            throw new TrainerException($"The parameter {name} must be {expected}.");
    }
}
