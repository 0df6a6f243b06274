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
        // Slugs of projects that the caller may not see are taken too, which only the attempt tells: an address nobody asked for is counted up.
        HashSet<string> taken = request.Slug is null ? [.. await db.Set<Project>().Select(p => p.Slug).ToListAsync(cancel)] : [];
        while (true)
        {
            string slug = request.Slug ?? Slug.Free(request.Name, taken);
            ProjectRow row = Add(request, slug);
            try
            {
                await db.SaveChangesAsync(cancel);
                return row;
            }
            catch (DbUpdateException e) when (e.IsUniqueViolation())
            {
                if (request.Slug is not null || !taken.Add(slug))
                    return OrganizationRules.SlugTaken(slug);
                db.ChangeTracker.Clear();
            }
        }
    }

    private ProjectRow Add(CreateProjectRequest request, string slug)
    {
        DateTimeOffset now = time.GetUtcNow();
        Project project = new()
        {
            Id = ids.Next(), Name = request.Name.Trim(), Slug = slug, Description = request.Description ?? "", OwnerOrganizationId = request.OrganizationId, CreatedAt = now,
        };
        project.Organizations.Add(new() { ProjectId = project.Id, OrganizationId = request.OrganizationId, AddedAt = now });
        db.Add(project);
        db.Add(new SchemaVersion { Id = ids.Next(), ProjectId = project.Id, Number = 1, Classes = [], CreatedBy = access.Actor.Id, CreatedByName = access.Actor.Name, CreatedAt = now });
        audit.Record(request.OrganizationId, "project.created", project.Name, after: project.ToRow());
        return project.ToRow();
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/organizations/{organization}/projects", async (CreateProjectRequest request, CreateProject handler, HttpContext http, CancellationToken cancel) =>
            (await handler.HandleAsync(request with { OrganizationId = http.OrganizationId() }, cancel)).ToCreated(row => "/api/v1/projects/" + row.Slug))
        .Requires(HubAction.ProjectEdit).Produces<ProjectRow>(201).WithTags("Projects").WithName("CreateProject")
        .WithExample(new CreateProjectRequest("PCB", "pcb", "Bare boards after etching"))
        .WithSummary("Create a project owned by this organization.");
}
