using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <param name="BasedOn">The version the editor saw. Where another came meanwhile, nothing is saved.</param>
/// <param name="Classes">The whole list. A class with an empty id is new and gets one.</param>
internal sealed record SaveSchemaRequest(int BasedOn, IReadOnlyList<LabelClass> Classes, string Comment = "")
{
    [JsonIgnore]
    public Guid ProjectId { get; init; }
}

/// <summary>Saves a new version of a label schema. Every other edit of a schema goes through here.</summary>
internal sealed class SaveSchema(HubDbContext db, CurrentAccess access, AuditLog audit, IdSource ids, TimeProvider time)
{
    public Task<Result<SchemaRow>> HandleAsync(SaveSchemaRequest request, CancellationToken cancel) =>
        ChangeAsync(request.ProjectId, request.BasedOn, request.Comment, _ => Numbered(request.Classes ?? []), cancel);

    /// <param name="edit">From the current list to the next.</param>
    internal async Task<Result<SchemaRow>> ChangeAsync(
        Guid projectId, int basedOn, string? comment, Func<IReadOnlyList<LabelClass>, Result<IReadOnlyList<LabelClass>>> edit, CancellationToken cancel)
    {
        Project? project = await db.Set<Project>().AsNoTracking()
            .SingleOrDefaultAsync(p => p.Id == projectId && db.Set<Organization>().Any(o => o.Id == p.OwnerOrganizationId), cancel);
        if (project is null)
            return ProjectRules.NotOwner;
        SchemaVersion? current = await db.Set<SchemaVersion>().AsNoTracking().Where(v => v.ProjectId == projectId).OrderByDescending(v => v.Number).FirstOrDefaultAsync(cancel);
        int number = current?.Number ?? 0;
        if (number != basedOn)
            return Stale(basedOn, number);
        IReadOnlyList<LabelClass> before = current?.Classes ?? [];
        Result<IReadOnlyList<LabelClass>> edited = edit(before);
        if (!edited.Succeeded)
            return edited.Error;
        HubError? invalid = SchemaRules.Validate(before, edited.Value)
            ?? (comment?.Length > 1000 ? HubError.Invalid("comment", "The comment is longer than 1000 characters. Shorten it.") : null);
        if (invalid is not null)
            return invalid;

        SchemaVersion next = new()
        {
            Id = ids.Next(), ProjectId = projectId, Number = number + 1, Classes = edited.Value, Comment = comment ?? "",
            CreatedBy = access.Actor.Id, CreatedByName = access.Actor.Name, CreatedAt = time.GetUtcNow(),
        };
        db.Add(next);
        audit.Record(project.OwnerOrganizationId, "schema.changed", $"{project.Name}, version {next.Number}",
            SchemaEdits.Without(before, next.Classes), SchemaEdits.Without(next.Classes, before));
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            return Stale(basedOn, number + 1); // Lost the race for the number: the other version stands, ours was not written.
        }

        return SchemaRow.Of(next);
    }

    private Result<IReadOnlyList<LabelClass>> Numbered(IReadOnlyList<LabelClass> classes) => classes.Select(c => c with
    {
        Id = c.Id == Guid.Empty ? ids.Next() : c.Id,
        Description = c.Description ?? "",
        Examples = c.Examples ?? [],
        Attributes = [.. (c.Attributes ?? []).Select(a => a with { Id = a.Id == Guid.Empty ? ids.Next() : a.Id, Options = a.Options ?? [] })],
    }).ToList();

    private static HubError Stale(int basedOn, int current) => HubError.Conflict("schema-changed",
        $"Somebody saved version {current} of this label schema while you edited version {basedOn}. Nothing of yours was saved: look at theirs, then apply your change to it.");

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/projects/{project}/schema", async (SaveSchemaRequest request, SaveSchema handler, HttpContext http, CancellationToken cancel) =>
            (await handler.HandleAsync(request with { ProjectId = http.ProjectId() }, cancel)).ToOk())
        .Requires(HubAction.SchemaEdit).Produces<SchemaRow>().WithTags("Label schema").WithName("SaveSchema")
        .WithExample(new SaveSchemaRequest(1, [new(RequestExample.Id, "Open circuit", "#d63939", "o", "A track that is interrupted.", [], [])], "First classes"))
        .WithSummary("Save the label classes as a new version, based on the version you saw.");
}
