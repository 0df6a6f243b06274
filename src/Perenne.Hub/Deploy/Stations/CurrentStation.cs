using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Deploy;

/// <summary>The station whose token the request carries.</summary>
internal sealed class CurrentStation(HubDbContext db, CurrentAccess access)
{
    public static readonly HubError NotAStation = new("not-a-station", StatusCodes.Status404NotFound,
        "This token belongs to no station. Add a station on the page 'Stations' and enrol it with its code.");

    public async Task<Result<Station>> FindAsync(CancellationToken cancel)
    {
        if (access.Actor.Kind != ActorKind.Machine)
            return NotAStation;
        Guid id = access.Actor.Id;
        return await db.Set<Station>().SingleOrDefaultAsync(s => s.Id == id && s.RevokedAt == null, cancel) is { } station ? station : NotAStation;
    }
}
