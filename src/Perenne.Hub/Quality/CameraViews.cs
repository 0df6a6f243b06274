using Perenne.Hub.Collect.Ingest;
using Perenne.Hub.Shared.Blobs;
using Perenne.Imaging;

namespace Perenne.Hub.Quality;

/// <summary>One accepted image whose view can teach: where its original is, and what its arrival recorded.</summary>
internal sealed record AcceptedView(Guid OrganizationId, string ContentHash, RecordedViews? Recorded);

/// <summary>Learns a camera's reference view from accepted originals: of a few candidates the one that finds the others again best.</summary>
internal sealed class CameraViews(IBlobStore blobs, Staging staging, DecodeSlots slots, ILogger<CameraViews> logger)
{
    /// <summary>Originals that are decoded for one attempt.</summary>
    public const int Samples = ViewProfile.Samples;

    /// <param name="newest">Accepted images, newest first.</param>
    /// <param name="count">All accepted images of the window.</param>
    public async Task<LearntView?> LearnAsync(LearntView? known, IReadOnlyList<AcceptedView> newest, int count, QualityThresholds thresholds, CancellationToken cancel)
    {
        if (newest.Count < Samples || !IsDue(known, newest, count, thresholds))
            return known;
        List<ViewReference> views = [];
        foreach (AcceptedView image in newest.Take(Samples))
            if (await ViewAsync(image, cancel) is { } view)
                views.Add(view);
        (ViewReference? best, ViewProfile profile) = await slots.RunAsync(1, () => ViewProfile.Choose(views), cancel);
        logger.LogInformation("Reference view {Number}: {Visible:0.00} of the details are normally found again in {Images} images", (known?.Number ?? 0) + 1, profile.MedianVisible, profile.Images);
        return new((known?.Number ?? 0) + 1, count, profile.IsFixed ? best!.ToBytes() : [], profile);
    }

    // A view that is not fixed is looked for again each time the accepted images have doubled: some five times in a camera's life, never more.
    internal static bool IsDue(LearntView? known, IReadOnlyList<AcceptedView> newest, int count, QualityThresholds thresholds)
    {
        if (known is null)
            return true;
        if (!known.Profile.IsFixed)
            return count >= 2 * known.TriedAt;
        // People accepted what was flagged as covered or moved: that is the view now.
        ViewComparison[] latest = [.. newest.Take(Samples).Where(a => a.Recorded?.Reference == known.Number).Select(a => a.Recorded!.Latest[^1])];
        return latest.Length == Samples
            && latest.Count(v => !(v.Visible >= known.Profile.VisibleLimit(thresholds)) || v.CornerShift > known.Profile.ShiftLimit(thresholds)) > Samples / 2;
    }

    private async Task<ViewReference?> ViewAsync(AcceptedView image, CancellationToken cancel)
    {
        string path = staging.NewPath();
        try
        {
            await using (Stream? from = await blobs.OpenAsync(new(image.OrganizationId, BlobKind.Original, image.ContentHash), cancel))
            {
                if (from is null)
                    return null;
                await using FileStream to = File.Create(path);
                await from.CopyToAsync(to, cancel);
            }

            using ImageSource source = ImageSource.FromFile(path);
            return ImageProbe.Probe(source).Facts is { } facts
                ? await slots.RunAsync(facts.Pixels, () => ImageInspector.Inspect(source).Inspection is { } seen ? ViewReference.Of(seen.Reduced) : null, cancel)
                : null;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
