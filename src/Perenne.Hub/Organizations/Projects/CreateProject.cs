using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <param name="Slug">Null: made from the name.</param>
internal sealed record CreateProjectRequest(string Name, string? Slug = null, string Description = "")
{
    [JsonIgnore]
    public Guid OrganizationId { get; init; }
}

internal sealed record ProjectRow(Guid Id, string Slug, string Name, string Description, Guid OwnerOrganizationId, DateTimeOffset CreatedAt, DateTimeOffset? ArchivedAt);

/// <summary>A project owned by the organization, with an empty first version of its label schema.</summary>
internal sealed class CreateProject(HubDbContext db, CurrentAccess access, AuditLog audit, IdSource ids, TimeProvider time)
{
    public async Task<Result<ProjectRow>> HandleAsync(CreateProjectRequest request, CancellationToken cancel)
    {
        if (ProjectRules.Check(request.Name, request.Slug, request.Description) is { } invalid)
            return invalid;
        DateTimeOffset now = time.GetUtcNow();
        Project project = new()
        {
            Id = ids.Next(), Name = request.Name.Trim(), Description = request.Description ?? "", OwnerOrganizationId = request.OrganizationId, CreatedAt = now,
            Slug = request.Slug ?? Slug.Free(request.Name, (await db.Set<Project>().Select(p => p.Slug).ToListAsync(cancel)).ToHashSet()),
        };
        project.Organizations.Add(new() { ProjectId = project.Id, OrganizationId = request.OrganizationId, AddedAt = now });
        db.Add(project);
        db.Add(new SchemaVersion { Id = ids.Next(), ProjectId = project.Id, Number = 1, Classes = [], CreatedBy = access.Actor.Id, CreatedByName = access.Actor.Name, CreatedAt = now });
        audit.Record(request.OrganizationId, "project.created", project.Name, after: project.ToRow());
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            return OrganizationRules.SlugTaken(project.Slug);
        }

        return project.ToRow();
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/organizations/{organization}/projects", async (CreateProjectRequest request, CreateProject handler, HttpContext http, CancellationToken cancel) =>
            (await handler.HandleAsync(request with { OrganizationId = http.OrganizationId() }, cancel)).ToCreated(row => "/api/v1/projects/" + row.Slug))
        .Requires(HubAction.ProjectEdit).Produces<ProjectRow>(201).WithTags("Projects").WithName("CreateProject")
        .WithExample(new CreateProjectRequest("PCB", "pcb", "Bare boards after etching"))
        .WithSummary("Create a project owned by this organization.");
}
