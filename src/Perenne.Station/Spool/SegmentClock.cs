using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Perenne.Station.Spool;

/// <summary>Closes segments that are old enough and keeps the spool within its limits, also while no hub is there.</summary>
internal sealed class SegmentClock(ObservationSpool observations, SpoolBounds bounds, StationStatus status, ILogger<SegmentClock> logger, TimeProvider time) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Endless.RunAsync("The spool", KeepAsync, status, time, logger, stoppingToken);

    private async Task KeepAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(5), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await observations.CloseSegmentAsync();
                await bounds.EnforceAsync();
            }
            catch (IOException e)
            {
                status.Trouble($"The spool: {e.Message}");
            }
        }
    }
}
