using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Perenne.Station.Spool;

namespace Perenne.Station.Hub;

/// <summary>
/// Brings everything that waits to the hub, in order: feedback, segments, images. A failure waits twice as long each time, up to five minutes;
/// what the hub will never take is put aside under <c>refused/</c> and reported, so that it neither blocks the rest nor disappears.
/// </summary>
internal sealed class Uploader(HubClient hub, ObservationSpool observations, ImageSpool images, FeedbackSpool feedback, SpoolBounds bounds, StationStatus status, StationPaths paths, ILogger<Uploader> logger, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2), Longest = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim turn = new(1);
    private TimeSpan pause = Idle;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Endless.RunAsync("Delivering to the hub", DeliverAsync, status, time, logger, stoppingToken);

    private async Task DeliverAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            bool good = await PassAsync(stoppingToken);
            pause = good ? Idle : TimeSpan.FromTicks(Math.Min(Longest.Ticks, pause.Ticks * 2));
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One go through everything that waits. False: the hub could not take something now.</summary>
    public async Task<bool> PassAsync(CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            await TidyAsync();
            foreach ((string path, var said) in feedback.Waiting())
                if (!await DeliverAsync(() => hub.SendAsync(said, cancel), () => FeedbackSpool.Delivered(path), path))
                    return false;
            foreach (WaitingSegment segment in observations.Waiting())
                if (!await DeliverAsync(() => hub.SendAsync(segment, cancel), () => ObservationSpool.Delivered(segment), segment.Path))
                    return false;
            foreach (WaitingImage image in images.Waiting())
                if (!await DeliverAsync(() => hub.SendAsync(image, cancel), () => ImageSpool.Remove(image), image.MetaPath, image.ImagePath))
                    return false;
            status.HubReached = true;
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            status.HubReached = false;
            return false;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>A full disk must not keep what is there from leaving: that is what frees it.</summary>
    private async Task TidyAsync()
    {
        try
        {
            await observations.CloseSegmentAsync();
            await observations.CloseLeftAsync();
            await bounds.EnforceAsync();
        }
        catch (IOException e)
        {
            status.Trouble($"The spool: {e.Message}");
        }
    }

    public override void Dispose()
    {
        turn.Dispose();
        base.Dispose();
    }

    private async Task<bool> DeliverAsync(Func<Task<(Delivery, string)>> send, Action delivered, params string[] files)
    {
        (Delivery outcome, string sentence) = await send();
        if (outcome == Delivery.Later)
        {
            status.Trouble($"The hub does not take {Path.GetFileName(files[0])} now ({sentence})");
            return false;
        }
        if (outcome == Delivery.Refused)
        {
            status.Trouble($"The hub refuses {Path.GetFileName(files[0])}: {sentence} It is kept in {paths.Refused}.");
            Directory.CreateDirectory(paths.Refused);
            foreach (string file in files)
                File.Move(file, Path.Combine(paths.Refused, Path.GetFileName(file)), overwrite: true);
            return true;
        }
        delivered();
        return true;
    }
}
