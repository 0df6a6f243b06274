using Perenne.Contracts.Jobs;
using Perenne.Contracts.Models;

namespace Perenne.Training.Data;

/// <summary>The samples of a job by their part, and their pixels.</summary>
internal sealed class JobData
{
    private readonly Dictionary<TrainingSample, int> positions = new(ReferenceEqualityComparer.Instance);
    private readonly PictureStore clean;

    public JobData(TrainingJob job, SampleList samples, TrainingParameters parameters, string imageFolder)
    {
        (Classes, Train, Validation, Test) = (job.Classes, samples.Train, samples.Validation, samples.Test);
        Colour = parameters.Channels == "rgb" || (parameters.Channels == "auto" && ColourProbe.IsColoured(imageFolder, samples.All));
        HasReferences = Train.Any(s => s.Reference is not null);
        Sizes = SizeChoice.Of(job.Task, samples.Train, parameters);
        LongestSide = samples.All.Max(s => (int)Math.Round(Math.Max(s.Width, s.Height) * Sizes.ScaleOf(s)));
        Tile = WindowedTile(LongestSide);
        foreach (TrainingSample sample in samples.All)
            positions.Add(sample, positions.Count);
        long cache = (long)parameters.CacheMegabytes << 20;
        Pictures = new SampleStore(this, new PictureStore(samples.All, new PictureReader(imageFolder, Colour, parameters.Reference, Sizes), cache));
        // A reference seen as an image of its own.
        clean = new PictureStore([.. samples.All.Select(s => s with { Path = s.Reference ?? s.Path })], new PictureReader(imageFolder, Colour, false, Sizes), cache / 2);
    }

    public IReadOnlyList<ModelClass> Classes { get; }
    public IReadOnlyList<TrainingSample> Train { get; }
    public IReadOnlyList<TrainingSample> Validation { get; }
    public IReadOnlyList<TrainingSample> Test { get; }
    public bool Colour { get; }
    public bool HasReferences { get; }
    public SizeChoice Sizes { get; }

    /// <summary>Of all pictures, after scaling.</summary>
    public int LongestSide { get; }

    /// <summary>Side of the tiles large pictures are cut into; 0: none is.</summary>
    public int Tile { get; }

    public SampleStore Pictures { get; }

    public Picture CleanPicture(TrainingSample sample) => clean[positions[sample]];

    private static int WindowedTile(int longest) => Learners.WindowedDetection.TileFor(longest);

    /// <summary>Pictures by sample instead of by position.</summary>
    internal sealed class SampleStore(JobData data, PictureStore store)
    {
        public int PlaneCount => store.PlaneCount;

        public Picture this[TrainingSample sample] => store[data.positions[sample]];
    }
}
