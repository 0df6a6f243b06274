using System.Globalization;
using System.Text;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Tests;

/// <summary>Data sets written into a folder of their own, and read back as one line per fact.</summary>
internal sealed class Sets : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("perenne-formats-").FullName;

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        string path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text, new UTF8Encoding(false));
        return path;
    }

    public static async Task<List<AnnotatedImage>> ReadAsync(string format, string path, ReadOptions? options = null)
    {
        await using DatasetReader reader = await DatasetFormats.OpenAsync(format, path, options);
        return await reader.ReadAsync().ToListAsync();
    }

    public static async Task<string> RefusalAsync(string format, string path, ReadOptions? options = null) =>
        (await Assert.ThrowsAsync<DatasetFormatException>(() => ReadAsync(format, path, options))).Message;

    /// <summary>One line per image and annotation, numbers at three decimals.</summary>
    public static string Describe(IEnumerable<AnnotatedImage> images)
    {
        StringBuilder text = new();
        foreach (AnnotatedImage image in images)
        {
            text.Append(CultureInfo.InvariantCulture, $"{image.Split ?? "-"} {image.FileName} {(image.Size is { } s ? $"{s.Width}x{s.Height}" : "?")} {image.Answer}\n");
            foreach (AnnotationRecord a in image.Annotations)
                text.Append("  ").Append(Describe(a)).Append('\n');
        }
        return text.ToString();
    }

    public static string Describe(AnnotationRecord a)
    {
        StringBuilder text = new($"{a.Label ?? "-"} {Describe(a.Shape)}");
        if (a.Value is { } value)
            text.Append(CultureInfo.InvariantCulture, $" = {value}");
        if (a.Score is { } score)
            text.Append(CultureInfo.InvariantCulture, $" score {score}");
        foreach ((bool set, string mark) in ((bool, string)[])[(a.IsCrowd, "crowd"), (a.Difficult, "difficult"), (a.Occluded, "occluded"), (a.Truncated, "truncated")])
            text.Append(set ? " " + mark : "");
        foreach (AnnotationAttribute attribute in a.Attributes)
            text.Append(CultureInfo.InvariantCulture, $" {attribute.Name}={attribute.Value}");
        return text.ToString();
    }

    public static string Describe(Shape? shape)
    {
        // Adding zero turns -0 into 0.
        string N(double v) => (Math.Round(v, 3) + 0.0).ToString("0.###", CultureInfo.InvariantCulture);
        string P(IEnumerable<ImagePoint> points) => string.Join(" ", points.Select(p => N(p.X) + "," + N(p.Y)));
        return shape switch
        {
            BoxShape b => $"box {N(b.Box.X)} {N(b.Box.Y)} {N(b.Box.Width)} {N(b.Box.Height)}",
            RotatedBoxShape r => $"rotated {N(r.Box.CenterX)} {N(r.Box.CenterY)} {N(r.Box.Width)} {N(r.Box.Height)} at {N(r.Box.AngleDegrees)}",
            PolygonShape p => "polygon " + string.Join(" | ", p.Rings.Select(ring => P(ring))),
            PolylineShape l => "line " + P(l.Points),
            PointShape p => "point " + P([p.Point]),
            MaskShape m => $"mask {m.Mask.Width}x{m.Mask.Height} [{string.Join(" ", m.Mask.Counts)}]",
            _ => "whole image",
        };
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
