using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Shared.Pages.Layout;

internal enum NavPlace
{
    /// <summary>The stages of the loop, in its order.</summary>
    Loop,

    /// <summary>The current organization's own affairs.</summary>
    Organization,

    Instance,
}

/// <summary>
/// One entry of the navigation, registered by the feature that owns the page. <see cref="Href"/> may hold {organization} or {project}:
/// the entry then shows only where one is chosen and the action is allowed in it.
/// </summary>
internal sealed record NavItem(NavPlace Place, int Order, string Icon, string Label, string Href, HubAction Action)
{
    private const string InOrganization = "{organization}", InProject = "{project}";

    public string? For(Viewer viewer)
    {
        if (Href.Contains(InOrganization, StringComparison.Ordinal))
            return viewer.Organization is { } here && viewer.Can(Action, here.Id) ? Href.Replace(InOrganization, here.Slug, StringComparison.Ordinal) : null;
        if (Href.Contains(InProject, StringComparison.Ordinal))
            return viewer.Project is { } project && viewer.CanInProject(Action, project) ? Href.Replace(InProject, project.Slug, StringComparison.Ordinal) : null;
        return viewer.Can(Action) ? Href : null;
    }
}
