using Microsoft.Extensions.Logging;

namespace Perenne.Station;

/// <summary>
/// Work that a station does for ever. What nobody expected is logged, told to the hub with the next heartbeat, and the work begins again after a pause:
/// a mistake in an upload must not stop the judging, and neither may end in silence.
/// </summary>
internal static partial class Endless
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(string what, Func<CancellationToken, Task> work, StationStatus status, TimeProvider time, ILogger logger, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await work(stop);
                return;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // This is the place that must not let anything pass.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Failed(logger, e, what);
                status.Trouble($"{what} failed and begins again: {e.Message}");
            }
            await Task.Delay(Pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{What} failed and begins again.")]
    private static partial void Failed(ILogger logger, Exception error, string what);
}
