using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Train;

/// <param name="Command">Program and arguments; {job} stands for the job folder, which is otherwise the last argument.</param>
/// <param name="SilenceMinutes">Without a word for so long it counts as hanging.</param>
internal sealed record TrainerDraft(string Name, string Command, int SilenceMinutes = 30);

internal sealed record TrainerRow(Guid Id, string Name, string Command, int SilenceMinutes, DateTimeOffset CreatedAt);

/// <summary>The commands that the hub may run as trainers. Whoever writes one runs programs as the hub: only its administrators do.</summary>
internal sealed class ManageTrainers(HubDbContext db, AuditLog audit, IdSource ids, TimeProvider time)
{
    public async Task<IReadOnlyList<TrainerRow>> ListAsync(CancellationToken cancel) => await db.Set<Trainer>().AsNoTracking().Where(t => t.RetiredAt == null).OrderBy(t => t.Name)
        .Select(t => new TrainerRow(t.Id, t.Name, t.Command, t.SilenceMinutes, t.CreatedAt)).ToListAsync(cancel);

    public async Task<Result<TrainerRow>> AddAsync(TrainerDraft draft, CancellationToken cancel)
    {
        Check check = new Check().Text(draft.Name, "name", "The name", 200).Text(draft.Command, "command", "The command", 2000)
            .That(draft.SilenceMinutes is >= 1 and <= 1440, "silenceMinutes", "A trainer counts as hanging after 1 to 1440 silent minutes.")
            .That(!Equals(draft.Name, BuiltInTrainer.Name), "name", $"'{BuiltInTrainer.Name}' is the built-in trainer's name.");
        if (check.Error is { } invalid)
            return invalid;
        try
        {
            CommandLine.Split(draft.Command);
        }
        catch (FormatException error)
        {
            return HubError.Invalid("command", $"The command cannot be read: {error.Message}");
        }

        Trainer trainer = new() { Id = ids.Next(), Name = draft.Name.Trim(), Command = draft.Command.Trim(), SilenceMinutes = draft.SilenceMinutes, CreatedAt = time.GetUtcNow() };
        db.Add(trainer);
        audit.Record(AuditLog.Instance, "trainer.added", trainer.Name, null, new { trainer.Command });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return HubError.Invalid("name", $"A trainer with the name '{draft.Name}' exists or existed. Choose another name, so that old runs stay clear.");
        }

        return new TrainerRow(trainer.Id, trainer.Name, trainer.Command, trainer.SilenceMinutes, trainer.CreatedAt);
    }

    public async Task<Result<Done>> RetireAsync(Guid id, CancellationToken cancel)
    {
        if (await db.Set<Trainer>().SingleOrDefaultAsync(t => t.Id == id && t.RetiredAt == null, cancel) is not { } trainer)
            return HubError.NotFound("The trainer");
        trainer.RetiredAt = time.GetUtcNow();
        audit.Record(AuditLog.Instance, "trainer.retired", trainer.Name);
        await db.SaveChangesAsync(cancel);
        return new Done();
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = (RouteGroupBuilder)routes.MapGroup("/trainers").WithTags("Training");
        group.MapGet("", async (ManageTrainers handler, CancellationToken cancel) => TypedResults.Ok(await handler.ListAsync(cancel)))
            .Requires(HubAction.InstanceManage).WithName("ListTrainers").WithSummary("The commands that the hub may run as trainers.");
        group.MapPost("", async (TrainerDraft draft, ManageTrainers handler, CancellationToken cancel) => (await handler.AddAsync(draft, cancel)).ToCreated(made => $"/api/v1/trainers/{made.Id}"))
            .Requires(HubAction.InstanceManage).Produces<TrainerRow>(StatusCodes.Status201Created).WithName("AddTrainer")
            .WithExample(new TrainerDraft("our own", "python3 /opt/trainer/train.py {job}")).WithSummary("Lets the hub run a command as a trainer. It is never given to a shell.");
        group.MapDelete("/{id:guid}", async (Guid id, ManageTrainers handler, CancellationToken cancel) => (await handler.RetireAsync(id, cancel)).ToOk())
            .Requires(HubAction.InstanceManage).Produces(StatusCodes.Status204NoContent).WithName("RetireTrainer").WithSummary("The trainer is no longer offered; its runs keep its name.");
    }
}
