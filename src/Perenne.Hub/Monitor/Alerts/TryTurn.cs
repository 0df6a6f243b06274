using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Monitor;

internal static class TryTurn
{
    /// <summary>A transaction that two hub processes may try at once: one report per window, one alert per cause.</summary>
    /// <returns>False: another was first, and what it wrote stands.</returns>
    public static async Task<bool> TryAsync(this WriteTurn turn, HubDbContext db, Func<Task> body, CancellationToken cancel)
    {
        try
        {
            await turn.RunAsync(db, body, cancel);
            return true;
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            db.ChangeTracker.Clear();
            return false;
        }
    }
}
