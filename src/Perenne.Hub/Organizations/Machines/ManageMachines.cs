using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

internal sealed record AddMachineRequest(string Name);

/// <param name="Code">Typed at the station within a day; shown this once.</param>
internal sealed record AddMachineDone(Guid Id, string Code, DateTimeOffset ExpiresAt);

internal sealed record MachineRow(Guid Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? EnrolledAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt);

/// <summary>Identities of stations: announce one, list them, take one out of service.</summary>
internal sealed class ManageMachines(HubDbContext db, AuditLog audit, IdSource ids, TimeProvider time)
{
    public async Task<Result<AddMachineDone>> AddAsync(Guid organization, AddMachineRequest request, CancellationToken cancel)
    {
        if (new Check().Text(request.Name, "name", "The name", 100).Error is { } invalid)
            return invalid;
        string code = EnrolmentCode.New();
        DateTimeOffset now = time.GetUtcNow();
        Machine machine = new()
        {
            Id = ids.Next(), OrganizationId = organization, Name = request.Name.Trim(), CodeHash = EnrolmentCode.Hash(code), CodeExpiresAt = now.AddDays(1), CreatedAt = now,
        };
        db.Add(machine);
        audit.Record(organization, "machine.added", machine.Name);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            return HubError.Conflict("name-taken", $"There is a machine '{machine.Name}' already. Choose another name.");
        }

        return new AddMachineDone(machine.Id, code, machine.CodeExpiresAt);
    }

    /// <summary>For a station that lost its key: a new code; the old key works until the code is used.</summary>
    public async Task<Result<AddMachineDone>> NewCodeAsync(Guid organization, Guid id, CancellationToken cancel)
    {
        Machine? machine = await db.Set<Machine>().SingleOrDefaultAsync(m => m.Id == id && m.OrganizationId == organization && m.RevokedAt == null, cancel);
        if (machine is null)
            return HubError.NotFound("This machine");
        string code = EnrolmentCode.New();
        (machine.CodeHash, machine.CodeExpiresAt) = (EnrolmentCode.Hash(code), time.GetUtcNow().AddDays(1));
        audit.Record(organization, "machine.new-code", machine.Name);
        await db.SaveChangesAsync(cancel);
        return new AddMachineDone(machine.Id, code, machine.CodeExpiresAt);
    }

    public async Task<Result<IReadOnlyList<MachineRow>>> ListAsync(Guid organization, CancellationToken cancel) => await db.Set<Machine>()
        .Where(m => m.OrganizationId == organization).OrderBy(m => m.Name)
        .Select(m => new MachineRow(m.Id, m.Name, m.CreatedAt, m.EnrolledAt, m.LastUsedAt, m.RevokedAt)).ToListAsync(cancel);

    public async Task<Result<Done>> RevokeAsync(Guid organization, Guid id, CancellationToken cancel)
    {
        Machine? machine = await db.Set<Machine>().SingleOrDefaultAsync(m => m.Id == id && m.OrganizationId == organization && m.RevokedAt == null, cancel);
        if (machine is null)
            return HubError.NotFound("This machine");
        (machine.RevokedAt, machine.CodeHash) = (time.GetUtcNow(), null);
        audit.Record(organization, "machine.revoked", machine.Name);
        await db.SaveChangesAsync(cancel);
        return default(Done);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/organizations/{organization}/machines", async (AddMachineRequest request, ManageMachines handler, HttpContext http, CancellationToken cancel) =>
                (await handler.AddAsync(http.OrganizationId(), request, cancel)).ToOk())
            .Requires(HubAction.MachinesEdit).Produces<AddMachineDone>().WithTags("Machines").WithName("AddMachine")
            .WithExample(new AddMachineRequest("line 3, station 2"))
            .WithSummary("Announce a station; the answer holds its enrolment code.");
        routes.MapGet("/organizations/{organization}/machines", async (ManageMachines handler, HttpContext http, CancellationToken cancel) =>
                (await handler.ListAsync(http.OrganizationId(), cancel)).ToOk())
            .Requires(HubAction.MachinesEdit).Produces<IReadOnlyList<MachineRow>>().WithTags("Machines").WithName("ListMachines").WithSummary("The stations' identities.");
        routes.MapDelete("/organizations/{organization}/machines/{machine}", async (Guid machine, ManageMachines handler, HttpContext http, CancellationToken cancel) =>
                (await handler.RevokeAsync(http.OrganizationId(), machine, cancel)).ToOk())
            .Requires(HubAction.MachinesEdit).Produces(204).WithTags("Machines").WithName("RevokeMachine").WithSummary("Take a station's identity out of service at once.");
    }
}
