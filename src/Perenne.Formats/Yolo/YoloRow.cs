using System.Collections.Immutable;
using System.Text;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Yolo;

/// <summary>One row of a label file.</summary>
internal static class YoloRow
{
    // Corners this close to a rectangle, in pixels, are that rectangle, written with few decimals.
    private const double RectangleTolerance = 0.5;

    /// <summary>Parses a row; <paramref name="numbers"/> is scratch space. Throws <see cref="RowException"/>.</summary>
    public static AnnotationRecord Parse(ReadOnlySpan<byte> row, YoloVariant variant, Dictionary<long, string> classes, ImageSize size, List<double> numbers)
    {
        numbers.Clear();
        ReadOnlySpan<byte> rest = row;
        while (TextLines.NextWord(ref rest, out ReadOnlySpan<byte> word))
        {
            if (!TextLines.TryNumber(word, out double number))
                return variant == YoloVariant.Obb && numbers.Count == 8
                    ? Dota(word, rest, numbers)
                    : throw new RowException($"\"{Encoding.UTF8.GetString(word[..Math.Min(word.Length, 40)])}\"", "a number");
            numbers.Add(number);
        }
        string label = ClassOf(numbers[0], classes);
        return (variant, numbers.Count) switch
        {
            (YoloVariant.Detect or YoloVariant.Segment, 5) => new(label, BoxOf(numbers, size)),
            (YoloVariant.Detect, 6) => new(label, BoxOf(numbers, size)) { Score = numbers[5] },
            (YoloVariant.Obb, 9) => new(label, Quad(numbers, 1, size.Width, size.Height)),
            (YoloVariant.Obb, 10) => new(label, Quad(numbers, 1, size.Width, size.Height)) { Score = numbers[9] },
            (YoloVariant.Segment, >= 7) when numbers.Count % 2 == 1 => new(label, Ring(numbers, size)),
            (YoloVariant.Detect, _) => throw new RowException($"{numbers.Count} numbers", "5: class, centre x, centre y, width, height (yolo-obb and yolo-segment read longer rows)"),
            (YoloVariant.Obb, _) => throw new RowException($"{numbers.Count} numbers", "9: class and four corners"),
            _ => throw new RowException($"{numbers.Count} numbers", "class and at least three corners"),
        };
    }

    private static string ClassOf(double number, Dictionary<long, string> classes) =>
        number == Math.Floor(number) && classes.TryGetValue((long)number, out string? name) ? name
            : throw new RowException(FormattableString.Invariant($"class {number}"), $"one of the {classes.Count} classes that have a name");

    private static BoxShape BoxOf(List<double> n, ImageSize size)
    {
        if (n[3] < 0 || n[4] < 0)
            throw new RowException("a negative width or height", "values from 0");
        double width = n[3] * size.Width, height = n[4] * size.Height;
        return new(new Box(n[1] * size.Width - width / 2, n[2] * size.Height - height / 2, width, height));
    }

    private static Shape Quad(List<double> n, int from, double scaleX, double scaleY)
    {
        Span<ImagePoint> corners = stackalloc ImagePoint[4];
        for (int i = 0; i < 4; i++)
            corners[i] = new(n[from + 2 * i] * scaleX, n[from + 2 * i + 1] * scaleY);
        return ShapeMath.RectangleThrough(corners, RectangleTolerance) is { } box ? new RotatedBoxShape(box) : new PolygonShape([[.. corners]]);
    }

    private static PolygonShape Ring(List<double> n, ImageSize size)
    {
        var ring = ImmutableArray.CreateBuilder<ImagePoint>(n.Count / 2);
        for (int i = 1; i < n.Count; i += 2)
            ring.Add(new(n[i] * size.Width, n[i + 1] * size.Height));
        if (ring.Count > 3 && ring[0] == ring[^1])
            ring.RemoveAt(ring.Count - 1);
        return new([ring.DrainToImmutable()]);
    }

    private static AnnotationRecord Dota(ReadOnlySpan<byte> name, ReadOnlySpan<byte> rest, List<double> numbers)
    {
        string label = Encoding.UTF8.GetString(name);
        bool difficult = TextLines.NextWord(ref rest, out ReadOnlySpan<byte> mark) && TextLines.TryNumber(mark, out double value) && value != 0;
        return new(label, Quad(numbers, 0, 1, 1)) { Difficult = difficult };
    }
}

/// <summary>Thrown inside a row's parser, caught where the file and line are known.</summary>
internal sealed class RowException(string found, string expected) : Exception
{
    public DatasetProblem At(string file, int line) => new(file, $"line {line}", found, expected);
}
