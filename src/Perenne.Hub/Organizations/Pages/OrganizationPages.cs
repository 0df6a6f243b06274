using Perenne.Hub.Shared.Pages.Layout;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations.Pages;

internal static class OrganizationPages
{
    public static void AddOrganizationPages(this IServiceCollection services)
    {
        services.AddScoped<GetOverview>();
        services.AddScoped<ArchiveOrganization>();
        foreach (NavItem item in (NavItem[])
        [
            new(NavPlace.Loop, 0, "home", "Home", "/", HubAction.SelfManage),
            new(NavPlace.Loop, 10, "stack-2", "Projects", "/projects", HubAction.SelfManage),
            new(NavPlace.Organization, 0, "building-factory-2", "Overview", "/organizations/{organization}", HubAction.OrganizationRead),
            new(NavPlace.Organization, 10, "users", "Members", "/organizations/{organization}/members", HubAction.MembersRead),
            new(NavPlace.Organization, 20, "users-group", "Teams", "/organizations/{organization}/teams", HubAction.MembersRead),
            new(NavPlace.Organization, 30, "cpu", "Machines", "/organizations/{organization}/machines", HubAction.MachinesEdit),
            new(NavPlace.Organization, 40, "history", "Audit log", "/organizations/{organization}/audit", HubAction.AuditRead),
            new(NavPlace.Organization, 50, "settings", "Settings", "/organizations/{organization}/settings", HubAction.OrganizationEdit),
            new(NavPlace.Instance, 0, "sitemap", "Organizations", "/organizations", HubAction.InstanceManage),
            new(NavPlace.Instance, 10, "users", "People", "/users", HubAction.InstanceManage),
            new(NavPlace.Instance, 20, "history", "Audit log of this hub", "/audit", HubAction.InstanceManage),
        ])
            services.AddSingleton(item);
    }
}
