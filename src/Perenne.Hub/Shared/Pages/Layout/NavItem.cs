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
/// One entry of the navigation, registered by the feature that owns the page. <see cref="Href"/> may hold {organization}:
/// the entry then shows only where an organization is chosen and the action is allowed in it.
/// </summary>
internal sealed record NavItem(NavPlace Place, int Order, string Icon, string Label, string Href, HubAction Action)
{
    public string? For(Viewer viewer)
    {
        bool inOrganization = Href.Contains("{organization}", StringComparison.Ordinal);
        if (inOrganization && viewer.Organization is null)
            return null;
        return viewer.Can(Action, inOrganization ? viewer.Organization!.Id : null) ? Href.Replace("{organization}", viewer.Organization?.Slug, StringComparison.Ordinal) : null;
    }
}
