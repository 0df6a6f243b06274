using System.Collections.Concurrent;
using Perenne.Contracts.Jobs;

namespace Perenne.Training.Data;

/// <summary>Decoded pictures by sample, kept until the memory allowed is full; further ones are decoded at each use.</summary>
internal sealed class PictureStore(IReadOnlyList<TrainingSample> samples, PictureReader reader, long maxBytes)
{
    private readonly ConcurrentDictionary<int, Picture> kept = new();
    private long bytes;

    public IReadOnlyList<TrainingSample> Samples => samples;

    public int PlaneCount => reader.PlaneCount;

    public Picture this[int sample]
    {
        get
        {
            if (kept.TryGetValue(sample, out Picture? picture))
                return picture;
            picture = reader.Read(samples[sample]);
            if (Interlocked.Add(ref bytes, picture.Planes.Length) <= maxBytes)
                kept.TryAdd(sample, picture);
            else
                Interlocked.Add(ref bytes, -picture.Planes.Length);
            return picture;
        }
    }
}
