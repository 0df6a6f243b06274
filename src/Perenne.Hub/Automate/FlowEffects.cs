using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Automate;

/// <summary>
/// What a flow makes has an id that is computed from the run. So a hub that takes over finds it, and two hubs that make it at the same moment cannot:
/// the primary key refuses the second, whatever was claimed or forgotten before.
/// </summary>
internal static class FlowEffects
{
    /// <param name="what">Of this run, for ever the same thing. A retry by a person makes it anew.</param>
    public static Guid IdOf(FlowRun run, string what)
    {
        Span<byte> id = stackalloc byte[16];
        run.Id.TryWriteBytes(id, bigEndian: true, out _);
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{run.Id}/{run.Attempt}/{what}"));
        // The time of the flow stays in front: ids are ordered by time (UUID version 7), the rest is free.
        hash.AsSpan(0, 8).CopyTo(id[8..]);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new(id, bigEndian: true);
    }

    /// <returns>Null: somebody else made it, or took its number, at the same moment. The next look finds it or tries again.</returns>
    public static async Task<Result<T>?> OnceAsync<T>(HubDbContext db, Func<Task<Result<T>>> make)
    {
        try
        {
            return await make();
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            db.ChangeTracker.Clear();
            return null;
        }
    }
}
