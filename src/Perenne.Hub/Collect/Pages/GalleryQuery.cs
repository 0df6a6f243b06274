using System.Globalization;
using Perenne.Hub.Collect.Gallery;

namespace Perenne.Hub.Collect.Pages;

/// <summary>The gallery's address as a filter: empty fields of the form mean "any", days are those of the viewer.</summary>
internal static class GalleryQuery
{
    public static ImageFilter Filter(IQueryCollection query, TimeZoneInfo zone) => new()
    {
        Organization = Many(query, "in"),
        Camera = One(query, "camera"),
        Station = One(query, "station"),
        From = Day(query, "from", zone, 0),
        To = Day(query, "to", zone, 1),
        Quality = Enum.TryParse(One(query, "quality"), ignoreCase: true, out ImageQuality quality) ? quality : null,
        Reason = One(query, "reason"),
        Duplicates = bool.TryParse(One(query, "duplicates"), out bool duplicates) ? duplicates : null,
        Annotated = bool.TryParse(One(query, "annotated"), out bool annotated) ? annotated : null,
        Metadata = Many(query, "metadata"),
        Batch = One(query, "batch"),
        PartId = One(query, "partId"),
        Text = One(query, "text"),
        Cluster = Guid.TryParse(One(query, "cluster"), out Guid cluster) ? cluster : null,
    };

    public static ImageSort Sort(IQueryCollection query) => Enum.TryParse(One(query, "sort"), ignoreCase: true, out ImageSort sort) ? sort : ImageSort.Newest;

    private static string? One(IQueryCollection query, string name) => query[name].ToString().Trim() is { Length: > 0 } value ? value : null;

    private static string[]? Many(IQueryCollection query, string name)
    {
        string[] values = [.. query[name].Where(value => !string.IsNullOrWhiteSpace(value)).Select(value => value!.Trim())];
        return values.Length > 0 ? values : null;
    }

    // "To" includes its whole day.
    private static DateTimeOffset? Day(IQueryCollection query, string name, TimeZoneInfo zone, int plusDays) =>
        DateOnly.TryParseExact(One(query, name), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? new DateTimeOffset(day.AddDays(plusDays).ToDateTime(default), zone.GetUtcOffset(day.AddDays(plusDays).ToDateTime(default)))
            : null;
}
