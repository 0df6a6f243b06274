namespace Perenne.Hub.Shared.Rights;

internal enum Verdict
{
    Allowed,
    SignIn,
    Forbidden,

    /// <summary>The target lies in another organization: its existence is not disclosed.</summary>
    Hidden,
}

/// <summary>Where the request points: ids of its route, null where the route names none.</summary>
internal sealed record AccessTarget(Guid? OrganizationId, Guid? ProjectId, IReadOnlyList<Guid> ProjectOrganizations);

/// <summary>The decision, as a pure function of the actor, the action and the target.</summary>
internal static class AccessDecision
{
    public static (Verdict Verdict, AccessScope Scope) Decide(Actor actor, HubAction action, AccessTarget target)
    {
        if (actor.Kind == ActorKind.System)
            return (Verdict.Allowed, AccessScope.System);
        if (actor.Kind == ActorKind.Nobody)
            return (Verdict.SignIn, AccessScope.Nothing);
        if (actor.TokenActions is not null && !actor.TokenActions.Contains(action))
            return (Verdict.Forbidden, AccessScope.Nothing);
        if (actor.IsInstanceAdministrator)
            return (Verdict.Allowed, Bounded(target));
        if (action == HubAction.SelfRead || (action == HubAction.SelfManage && actor.Kind == ActorKind.Person))
            return (Verdict.Allowed, AccessScope.Of(actor.Grants.Select(g => g.OrganizationId)));
        if (action is HubAction.InstanceManage or HubAction.SelfManage)
            return (Verdict.Forbidden, AccessScope.Nothing);

        List<Grant> near = [.. actor.Grants.Where(grant => Touches(grant, target))];
        if (near.Count == 0)
            return (target.OrganizationId is null && target.ProjectId is null ? Verdict.Forbidden : Verdict.Hidden, AccessScope.Nothing);
        List<Guid> organizations = [.. near.Where(grant => RightsTable.Allows(grant.Role, action)).Select(grant => grant.OrganizationId)];
        return organizations.Count == 0 ? (Verdict.Forbidden, AccessScope.Nothing) : (Verdict.Allowed, AccessScope.Of(organizations));
    }

    private static AccessScope Bounded(AccessTarget target) => target switch
    {
        { OrganizationId: { } organization } => AccessScope.Of(organization),
        { ProjectId: not null } => AccessScope.Of(target.ProjectOrganizations),
        _ => AccessScope.System,
    };

    // A grant for one project does not reach organization-wide endpoints of other projects.
    private static bool Touches(Grant grant, AccessTarget target) =>
        (target.OrganizationId is null || grant.OrganizationId == target.OrganizationId)
        && (target.ProjectId is null
            || (target.ProjectOrganizations.Contains(grant.OrganizationId) && (grant.ProjectId is null || grant.ProjectId == target.ProjectId)));
}
