using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Organizations;

internal static class OrganizationRules
{
    public static HubError? Check(string name, string? slug, string? timeZone) => new Check()
        .Text(name, "name", "The name", 200)
        .That(slug is null || Slug.IsValid(slug), "slug", $"'{slug}' cannot be part of an address. {Slug.Rule}")
        .That(timeZone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out _), "timeZone", $"'{timeZone}' is not a time zone. Use an IANA name such as 'Europe/Paris'.")
        .Error;

    public static HubError SlugTaken(string slug) => HubError.Conflict("slug-taken", $"'{slug}' is already in use on this hub. Choose another address name.");

    public static OrganizationRow ToRow(this Organization o) => new(o.Id, o.Slug, o.Name, o.TimeZone, o.CreatedAt, o.ArchivedAt);
}
