using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Monitor;

/// <summary>
/// A camera from which nothing new comes: a fact, no test. Either nothing at all while others of its plant go on, longer than a day and than three times
/// the longest pause of its reference (where all are silent the stations are; the fleet board and the stations' page say that), or one picture again and again.
/// </summary>
internal sealed class WatchSilence(HubDbContext db, WriteTurn turn, RaiseAlerts alerts)
{
    private const double LeastHours = 24, Pauses = 3;

    /// <returns>Alerts opened.</returns>
    public async Task<int> CheckAsync(Guid organization, Guid project, IReadOnlyList<SeenCamera> cameras, IReadOnlyList<DriftReference> references, CancellationToken cancel)
    {
        if (cameras.Count == 0)
            return 0;
        DateTimeOffset newest = cameras.Max(c => c.LastAt);
        HashSet<string> standing = [.. await db.Set<Alert>().Where(a => a.OrganizationId == organization && a.ProjectId == project && a.Kind == AlertKinds.Silent && a.OpenKey != null).Select(a => a.OpenKey!).ToListAsync(cancel)];
        int opened = 0;
        foreach (SeenCamera camera in cameras)
        {
            AlertNews news = new(organization, project, AlertKinds.Silent, camera.Camera, camera.FrozenSince is null ? AlertKinds.NoFrames : AlertKinds.SamePicture, camera.FrozenSince ?? camera.LastAt, newest);
            double usual = references.FirstOrDefault(r => r.Camera == camera.Camera && r.To is not null)?.LongestPauseHours ?? double.PositiveInfinity;
            bool isSilent = camera.FrozenSince is not null || (newest - camera.LastAt).TotalHours > Math.Max(LeastHours, Pauses * usual);
            if (isSilent == standing.Contains(news.Key))
                continue;
            await turn.TryAsync(db, async () =>
            {
                if (isSilent)
                    opened += await alerts.OpenAsync(news, cancel) ? 1 : 0;
                else
                    await alerts.RecoverAsync(organization, project, news.Key, cancel);
            }, cancel);
        }

        return opened;
    }
}
