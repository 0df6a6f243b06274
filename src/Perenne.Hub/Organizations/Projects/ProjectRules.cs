using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Organizations;

internal static class ProjectRules
{
    public static HubError? Check(string name, string? slug, string? description) => new Check()
        .Text(name, "name", "The name", 200)
        .That(slug is null || Slug.IsValid(slug), "slug", $"'{slug}' cannot be part of an address. {Slug.Rule}")
        .That(description is null || description.Length <= 4000, "description", "The description is longer than 4000 characters. Shorten it.")
        .Error;

    public static ProjectRow ToRow(this Project p) => new(p.Id, p.Slug, p.Name, p.Description, p.OwnerOrganizationId, p.CreatedAt, p.ArchivedAt);

    /// <summary>What belongs to the project as a whole is decided by its owner, not by every plant it runs in.</summary>
    public static HubError NotOwner { get; } = HubError.Forbidden("Only people of the organization that owns this project may change this.");
}
