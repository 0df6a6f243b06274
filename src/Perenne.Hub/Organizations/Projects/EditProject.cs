using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

internal sealed record EditProjectRequest(string Name, string Slug, string Description = "", bool Archived = false)
{
    [JsonIgnore]
    public Guid ProjectId { get; init; }
}

internal sealed class EditProject(HubDbContext db, AuditLog audit, TimeProvider time)
{
    public async Task<Result<ProjectRow>> HandleAsync(EditProjectRequest request, CancellationToken cancel)
    {
        if (ProjectRules.Check(request.Name, request.Slug, request.Description) is { } invalid)
            return invalid;
        // The owner is among the organizations in scope: the filter on organizations says so.
        Project? project = await db.Set<Project>()
            .SingleOrDefaultAsync(p => p.Id == request.ProjectId && db.Set<Organization>().Any(o => o.Id == p.OwnerOrganizationId), cancel);
        if (project is null)
            return ProjectRules.NotOwner;
        ProjectRow before = project.ToRow();
        (project.Name, project.Slug, project.Description) = (request.Name.Trim(), request.Slug, request.Description ?? "");
        project.ArchivedAt = request.Archived ? project.ArchivedAt ?? time.GetUtcNow() : null;
        audit.Record(project.OwnerOrganizationId, "project.edited", project.Name, before, project.ToRow());
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            return OrganizationRules.SlugTaken(request.Slug);
        }

        return project.ToRow();
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/projects/{project}", async (EditProjectRequest request, EditProject handler, HttpContext http, CancellationToken cancel) =>
            (await handler.HandleAsync(request with { ProjectId = http.ProjectId() }, cancel)).ToOk())
        .Requires(HubAction.ProjectEdit).Produces<ProjectRow>().WithTags("Projects").WithName("EditProject")
        .WithExample(new EditProjectRequest("PCB", "pcb", "Bare boards after etching"))
        .WithSummary("Rename, describe, archive or bring back a project.");
}
