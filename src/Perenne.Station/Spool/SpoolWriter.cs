using Perenne.Contracts.Observations;
using Perenne.Imaging;
using Perenne.Station.Judge;

namespace Perenne.Station.Spool;

/// <summary>Keeps an observation and, where sampled, its frame. The observation matters more: it is never given up for an image.</summary>
internal sealed class SpoolWriter(ObservationSpool observations, ImageSpool images, SpoolBounds bounds, StationStatus status)
{
    /// <exception cref="IOException">The disk is full and no image is left to give up.</exception>
    public async Task<Observation> KeepAsync(Observation observation, string? sampleReason, Arrival? arrival)
    {
        if (sampleReason is not null && arrival is not null)
        {
            string sha = ContentHash.Of(arrival.File).Sha256;
            if (TryKeepImage(new SampledImage { Sha256 = sha, Reason = sampleReason, Camera = arrival.Camera, CapturedAt = arrival.CapturedAt, ObservationId = observation.Id, ProjectId = observation.ProjectId, Part = arrival.Part, FileName = arrival.FileName }, arrival.File))
                observation = observation with { ImageSha256 = sha, SampleReason = sampleReason };
        }
        for (; ; )
        {
            try
            {
                return (await observations.AppendAsync([observation]))[0];
            }
            catch (IOException e)
            {
                status.Trouble($"The disk of the spool refuses to write: {e.Message}");
                if (!bounds.MakeRoom(4 << 20))
                    throw;
            }
        }
    }

    public bool TryKeepImage(SampledImage facts, byte[] file)
    {
        try
        {
            images.Add(facts, file);
            return true;
        }
        catch (IOException e)
        {
            status.Trouble($"A sampled image could not be kept: {e.Message}");
            return false;
        }
    }
}
