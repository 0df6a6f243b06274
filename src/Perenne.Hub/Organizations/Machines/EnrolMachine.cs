using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

internal sealed record EnrolMachineRequest(string Code);

/// <param name="Token">The station keeps it; the hub keeps its hash.</param>
internal sealed record EnrolMachineDone(Guid MachineId, string Name, Guid OrganizationId, string Token);

internal sealed class EnrolMachine(HubDbContext db, CurrentAccess access, AttemptLimiter limiter, TimeProvider time)
{
    public async Task<Result<EnrolMachineDone>> HandleAsync(EnrolMachineRequest request, CancellationToken cancel)
    {
        if (limiter.Refuse() is { } tooMany)
            return tooMany;
        access.ActAsSystem(); // The code is the right.
        byte[] code = EnrolmentCode.Hash(request.Code);
        string token = Secret.New(Secret.MachinePrefix);
        byte[] hash = Secret.Hash(token);
        DateTimeOffset now = time.GetUtcNow();
        // One statement: of two stations with the same code one gets the identity.
        int taken = await db.Set<Machine>().Where(m => m.CodeHash == code && m.CodeExpiresAt > now && m.RevokedAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(m => m.CodeHash, (byte[]?)null).SetProperty(m => m.TokenHash, hash).SetProperty(m => m.EnrolledAt, now), cancel);
        if (taken == 0)
            return new HubError("link-dead", StatusCodes.Status410Gone, "This enrolment code was used or has expired. Add the machine again on the page 'Stations'.");
        return await db.Set<Machine>().Where(m => m.TokenHash == hash).Select(m => new EnrolMachineDone(m.Id, m.Name, m.OrganizationId, token)).SingleAsync(cancel);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/machines/enrol", async (EnrolMachineRequest request, EnrolMachine handler, CancellationToken cancel) => (await handler.HandleAsync(request, cancel)).ToOk())
        .OpenToAnyone("The one-time code is the right.").Produces<EnrolMachineDone>().WithTags("Machines").WithName("EnrolMachine")
        .WithExample(new EnrolMachineRequest("the code shown when the machine was added"))
        .WithSummary("Exchange a one-time enrolment code for a station's token.");
}
