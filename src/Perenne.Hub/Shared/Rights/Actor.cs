namespace Perenne.Hub.Shared.Rights;

internal enum ActorKind
{
    Nobody,
    Person,
    Machine,
    System,
}

/// <summary>One role in one organization, for all of its projects or for one.</summary>
internal sealed record Grant(Guid OrganizationId, Guid? ProjectId, Role Role);

/// <summary>Who acts. A token narrows its owner: <see cref="TokenActions"/> is null where there is no token.</summary>
internal sealed record Actor(
    ActorKind Kind,
    Guid Id,
    string Name,
    bool IsInstanceAdministrator,
    IReadOnlyList<Grant> Grants,
    IReadOnlySet<HubAction>? TokenActions = null)
{
    public static Actor Nobody { get; } = new(ActorKind.Nobody, Guid.Empty, "nobody", false, []);

    public static Actor System { get; } = new(ActorKind.System, Guid.Empty, "system", false, []);
}
