namespace Perenne.Hub.Organizations.Pages;

/// <summary>
/// Passes an overview from a page to its parts: component parameters are public, and the hub's own types are not.
/// </summary>
internal static class OverviewItems
{
    public static object Key(Guid organization) => (typeof(OrganizationOverview), organization);

    public static OrganizationOverview Read(HttpContext http, Guid organization) => (OrganizationOverview)http.Items[Key(organization)]!;
}
