using System.Globalization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;
using StringWithQualityHeaderValue = Microsoft.Net.Http.Headers.StringWithQualityHeaderValue;

namespace Perenne.Hub.Shared.Pages;

/// <summary>
/// Before a page is drawn: language, time zone, and what the navigation offers. Reads in a scope of its own, because the page's scope
/// is narrowed to the organization of its address while the switcher lists all of the person's organizations.
/// </summary>
internal sealed class ViewerMiddleware(RequestDelegate next)
{
    public const string OrganizationCookie = "perenne.organization";

    private const int MostListed = 200;

    public async Task InvokeAsync(HttpContext http, Viewer viewer, CurrentAccess access)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
        {
            viewer.Actor = access.Actor;
            string? language = access.Actor.Kind == ActorKind.Person ? await LoadAsync(http, viewer) : null;
            CultureInfo culture = CultureOf(http, language);
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = culture;
        }

        await next(http);
    }

    private static async Task<string?> LoadAsync(HttpContext http, Viewer viewer)
    {
        await using AsyncServiceScope scope = http.RequestServices.CreateAsyncScope();
        Actor actor = viewer.Actor;
        scope.ServiceProvider.GetRequiredService<CurrentAccess>().Grant(actor,
            actor.IsInstanceAdministrator ? AccessScope.System : AccessScope.Of(actor.Grants.Select(g => g.OrganizationId)));
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        CancellationToken cancel = http.RequestAborted;

        var person = await db.Users.Where(u => u.Id == actor.Id).Select(u => new { u.Email, u.Language, u.Theme, u.TimeZone }).SingleOrDefaultAsync(cancel);
        viewer.Email = person?.Email ?? "";
        viewer.Theme = person?.Theme;
        viewer.Organizations = await db.Set<Organization>().Where(o => o.ArchivedAt == null).OrderBy(o => o.Name)
            .Select(o => new ViewerOrganization(o.Id, o.Slug, o.Name, o.TimeZone)).Take(MostListed).ToListAsync(cancel);
        viewer.Projects = await ProjectsAsync(db, actor, cancel);

        AccessTarget? target = http.Items[typeof(AccessTarget)] as AccessTarget;
        viewer.Project = viewer.Projects.FirstOrDefault(p => p.Id == target?.ProjectId) ?? (viewer.Projects.Count == 1 ? viewer.Projects[0] : null);
        viewer.Organization = Current(http, viewer, target);
        viewer.Zone = ZoneOf(person?.TimeZone) ?? ZoneOf(viewer.Organization?.TimeZone) ?? TimeZoneInfo.Utc;
        return person?.Language;
    }

    private static async Task<List<ViewerProject>> ProjectsAsync(HubDbContext db, Actor actor, CancellationToken cancel)
    {
        List<ViewerProject> projects = await db.Set<Project>()
            .Where(p => p.ArchivedAt == null && db.Set<ProjectOrganization>().Any(link => link.ProjectId == p.Id))
            .OrderBy(p => p.Name)
            .Select(p => new ViewerProject(p.Id, p.Slug, p.Name, db.Set<ProjectOrganization>().Where(link => link.ProjectId == p.Id).Select(link => link.OrganizationId).ToList()))
            .Take(MostListed).ToListAsync(cancel);
        return actor.IsInstanceAdministrator
            ? projects
            : [.. projects.Where(p => actor.Grants.Any(g => p.Organizations.Contains(g.OrganizationId) && (g.ProjectId is null || g.ProjectId == p.Id)))];
    }

    private static ViewerOrganization? Current(HttpContext http, Viewer viewer, AccessTarget? target)
    {
        ViewerOrganization? named = viewer.Organizations.FirstOrDefault(o => o.Id == target?.OrganizationId);
        string? last = http.Request.Cookies[OrganizationCookie];
        if (named is not null && named.Slug != last)
            http.Response.Cookies.Append(OrganizationCookie, named.Slug, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(365), IsEssential = true });
        return named ?? viewer.Organizations.FirstOrDefault(o => o.Slug == last) ?? (viewer.Organizations.Count > 0 ? viewer.Organizations[0] : null);
    }

    private static TimeZoneInfo? ZoneOf(string? id) => id is not null && TimeZoneInfo.TryFindSystemTimeZoneById(id, out TimeZoneInfo? zone) ? zone : null;

    private static CultureInfo CultureOf(HttpContext http, string? language)
    {
        if (language is not null)
            return CultureInfo.GetCultureInfo(language == "fr" ? "fr-FR" : "en-GB");
        IEnumerable<StringWithQualityHeaderValue> wanted = http.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1);
        // The first language we speak, with its region's dates and numbers.
        foreach (string name in wanted.Select(l => l.Value.Value ?? ""))
            if (Text.Languages.Contains(name.Split('-')[0].ToLowerInvariant()))
                try
                {
                    return CultureInfo.GetCultureInfo(name);
                }
                catch (CultureNotFoundException)
                {
                    // An invented region; the next one may do.
                }

        return CultureInfo.GetCultureInfo("en-GB");
    }
}
