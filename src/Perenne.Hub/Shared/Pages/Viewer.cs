using System.Globalization;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Shared.Pages;

internal sealed record ViewerOrganization(Guid Id, string Slug, string Name, string TimeZone);

internal sealed record ViewerProject(Guid Id, string Slug, string Name, IReadOnlyList<Guid> Organizations);

/// <summary>Who looks at the page: what the frame around every page needs, and how dates and words are written for them.</summary>
internal sealed class Viewer
{
    public Actor Actor { get; set; } = Actor.Nobody;

    public string Email { get; set; } = "";

    public string? Theme { get; set; }

    public TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    public IReadOnlyList<ViewerOrganization> Organizations { get; set; } = [];

    public IReadOnlyList<ViewerProject> Projects { get; set; } = [];

    /// <summary>Where the page stands: by its route, else the only or the last visited one.</summary>
    public ViewerOrganization? Organization { get; set; }

    public ViewerProject? Project { get; set; }

    public bool IsSignedIn => Actor.Kind == ActorKind.Person;

    /// <summary>Hides what would be refused; the endpoint decides again.</summary>
    public bool Can(HubAction action, Guid? organization = null) =>
        AccessDecision.Decide(Actor, action, new(organization, null, [])).Verdict == Verdict.Allowed;

    public bool CanInProject(HubAction action, Guid project, Guid owner) =>
        AccessDecision.Decide(Actor, action, new(owner, project, [owner])).Verdict == Verdict.Allowed;

    public bool CanInProject(HubAction action, ViewerProject project) =>
        AccessDecision.Decide(Actor, action, new(null, project.Id, project.Organizations)).Verdict == Verdict.Allowed;

    public string Date(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Zone).ToString("d", CultureInfo.CurrentCulture);

    public string Moment(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Zone).ToString("g", CultureInfo.CurrentCulture);
}
