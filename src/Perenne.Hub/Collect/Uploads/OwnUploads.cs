using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Collect;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Collect.Uploads;

/// <summary>The caller's own uploads that have not expired; nobody else's exist for them.</summary>
internal sealed class OwnUploads(HubDbContext db, CurrentAccess access, TimeProvider time)
{
    public async Task<Result<Upload>> FindAsync(Guid project, Guid id, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        return await db.Set<Upload>().SingleOrDefaultAsync(u => u.Id == id && u.ProjectId == project && u.OwnerId == access.Actor.Id && u.ExpiresAt > now, cancel) is { } upload
            ? upload
            : HubError.NotFound("This upload (it may have expired)");
    }
}

internal static class UploadStates
{
    public static UploadState ToState(this Upload upload) => new(
        upload.Id, upload.Length, upload.Offset, upload.ExpiresAt, upload.Verdict is null ? null : JsonSerializer.Deserialize<IntakeAnswer>(upload.Verdict));
}
