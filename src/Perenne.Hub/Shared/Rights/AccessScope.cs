namespace Perenne.Hub.Shared.Rights;

/// <summary>The organizations whose rows the current work may touch. Nothing until a right was decided.</summary>
internal sealed record AccessScope(bool Everything, IReadOnlyList<Guid> Organizations)
{
    public static AccessScope Nothing { get; } = new(false, []);

    public static AccessScope System { get; } = new(true, []);

    public static AccessScope Of(params IEnumerable<Guid> organizations) => new(false, [.. organizations.Distinct()]);
}

/// <summary>Holds the scope of one request or one background job; the database context reads it.</summary>
internal sealed class CurrentAccess
{
    public AccessScope Scope { get; private set; } = AccessScope.Nothing;

    public Actor Actor { get; private set; } = Actor.Nobody;

    /// <summary>The project of the route, which bounds every row of a project; null where the route names none.</summary>
    public Guid? ProjectId { get; private set; }

    public void Grant(Actor actor, AccessScope scope, Guid? project = null) => (Actor, Scope, ProjectId) = (actor, scope, project);

    /// <summary>For background work and for the sign-in path, before anybody is known.</summary>
    public void ActAsSystem() => Grant(Actor.System, AccessScope.System);
}
