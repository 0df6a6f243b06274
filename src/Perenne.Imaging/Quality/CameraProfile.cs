using System.Globalization;

namespace Perenne.Imaging;

/// <summary>
/// What one camera's accepted pictures look like: baselines of measures and the exact facts that were seen with their share.
/// Learnt anew from a window (200 to 1000 of the last accepted pictures); plain data, serialisable as JSON.
/// </summary>
public sealed record CameraProfile(int Images, IReadOnlyDictionary<string, RobustBaseline> Baselines, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Facts)
{
    public static CameraProfile Learn(IReadOnlyCollection<(ImageFacts Facts, ImageMeasures Measures)> accepted)
    {
        Dictionary<string, RobustBaseline> baselines = ProfiledMeasure.All.ToDictionary(m => m.Name, m => RobustBaseline.Of(accepted.Select(a => m.Value(a.Measures))));
        Dictionary<string, IReadOnlyDictionary<string, double>> facts = accepted
            .SelectMany(a => FactsOf(a.Facts))
            .GroupBy(f => f.Key)
            .ToDictionary(g => g.Key, g => (IReadOnlyDictionary<string, double>)g.CountBy(f => f.Value).ToDictionary(c => c.Key, c => (double)c.Value / accepted.Count));
        return new CameraProfile(accepted.Count, baselines, facts);
    }

    /// <summary>Facts that a fixed camera never changes by itself; "none" where the file is silent, because becoming silent is a change too.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> FactsOf(ImageFacts f) =>
    [
        new("format", f.Format.ToString()),
        new("size", string.Create(CultureInfo.InvariantCulture, $"{f.Width} × {f.Height}")),
        new("bit depth", f.BitDepth.ToString(CultureInfo.InvariantCulture)),
        new("colour", string.Create(CultureInfo.InvariantCulture, $"{f.Color}, {f.Channels} channels")),
        new("JPEG tables", f.Jpeg is { } j ? string.Create(CultureInfo.InvariantCulture, $"{j.TablesHash} (quality {j.EstimatedQuality}), sampling {j.Subsampling}") : "none"),
        new("camera", $"{f.Exif.Make ?? "none"} {f.Exif.Model ?? "none"}"),
        new("camera serial", f.Exif.Serial ?? "none"),
    ];
}
