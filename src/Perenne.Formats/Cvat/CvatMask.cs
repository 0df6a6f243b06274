using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using Perenne.Formats.Xml;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Cvat;

/// <summary>CVAT's masks: run lengths row by row, background first, inside a box of their own.</summary>
internal static class CvatMask
{
    private const long LargestBox = 1L << 26;

    public static MaskShape Read(XElement e, ImageSize? size)
    {
        ImageSize image = size ?? throw new XmlRecordException(e, "a mask in an image without width and height", "an image size");
        int left = Whole(e, "left"), top = Whole(e, "top"), width = Whole(e, "width"), height = Whole(e, "height");
        if (left < 0 || top < 0 || width < 0 || height < 0 || (long)left + width > image.Width || (long)top + height > image.Height
            || (long)image.Width * image.Height > RunLengthMask.MaximumPixels || (long)width * height > LargestBox)
            throw new XmlRecordException(e, $"a mask box of {width} × {height} at {left}, {top}", $"a box inside the image of {image.Width} × {image.Height}");
        byte[] pixels = Pixels(e, width, height);
        // Column-major over the whole image, as COCO counts.
        var counts = ImmutableArray.CreateBuilder<uint>();
        uint run = 0;
        bool foreground = false;
        void Add(bool isForeground, uint length)
        {
            if (length == 0)
                return;
            if (isForeground != foreground)
            {
                counts.Add(run);
                (run, foreground) = (0, isForeground);
            }
            run += length;
        }
        Add(false, (uint)((long)left * image.Height));
        for (int x = 0; x < width; x++)
        {
            Add(false, (uint)top);
            for (int y = 0; y < height; y++)
                Add(pixels[y * width + x] != 0, 1);
            Add(false, (uint)(image.Height - top - height));
        }
        Add(false, (uint)((long)(image.Width - left - width) * image.Height));
        counts.Add(run);
        return new(new RunLengthMask(image.Width, image.Height, counts.DrainToImmutable()));
    }

    /// <summary>Box and row-major runs of a mask; null for an empty one.</summary>
    public static (int Left, int Top, int Width, int Height, List<uint> Runs)? Encode(RunLengthMask mask)
    {
        if (MaskOperations.Bounds(mask) is not { } bounds)
            return null;
        int left = (int)bounds.X, top = (int)bounds.Y, width = (int)bounds.Width, height = (int)bounds.Height;
        byte[] pixels = new byte[(long)width * height];
        long position = 0;
        for (int i = 0; i < mask.Counts.Length; position += mask.Counts[i], i++)
            if (i % 2 == 1)
                for (long p = position; p < position + mask.Counts[i]; p++)
                    pixels[(p % mask.Height - top) * width + p / mask.Height - left] = 1;
        List<uint> runs = [];
        byte current = 0;
        uint run = 0;
        foreach (byte pixel in pixels)
        {
            if (pixel != current)
            {
                runs.Add(run);
                (run, current) = (0, pixel);
            }
            run++;
        }
        runs.Add(run);
        return (left, top, width, height, runs);
    }

    private static byte[] Pixels(XElement e, int width, int height)
    {
        byte[] pixels = new byte[width * height];
        string text = CvatShape.Text(e, "rle") ?? throw new XmlRecordException(e, "no rle", "run lengths");
        long position = 0;
        bool foreground = false;
        foreach (Range range in text.AsSpan().Split(','))
        {
            if (!uint.TryParse(text.AsSpan()[range].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out uint run) || position + run > pixels.Length)
                throw new XmlRecordException(e, "run lengths that are no numbers or too long", $"run lengths that sum to {pixels.Length}");
            if (foreground)
                pixels.AsSpan((int)position, (int)run).Fill(1);
            position += run;
            foreground = !foreground;
        }
        return position == pixels.Length ? pixels
            : throw new XmlRecordException(e, $"run lengths that sum to {position}", $"{pixels.Length}, the width × height of the mask");
    }

    private static int Whole(XElement e, string name)
    {
        double value = CvatShape.Number(e, name);
        return value == Math.Floor(value) && Math.Abs(value) < int.MaxValue ? (int)value : throw new XmlRecordException(e, $"{name} {value.ToString(CultureInfo.InvariantCulture)}", "a whole number");
    }
}
