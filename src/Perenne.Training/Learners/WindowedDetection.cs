using Perenne.Training.Data;
using Perenne.Training.Boxes;

namespace Perenne.Training.Learners;

/// <summary>A part of a picture as the network takes it: sides are multiples of 32, padded where the picture ends.</summary>
internal readonly record struct Window(Picture Picture, int Left, int Top, int Width, int Height)
{
    public int VisibleWidth => Math.Min(Width, Picture.Width - Left);

    public int VisibleHeight => Math.Min(Height, Picture.Height - Top);

    public Batch ToBatch()
    {
        float[] input = new float[Width * Height * Picture.PlaneCount];
        Cutter.Window(Picture, Left, Top, Width, Height, input);
        return new Batch(input, 1, Height / 4, Width / 4, this);
    }
}

/// <summary>Runs a network over a picture: in one piece, or in overlapping tiles when it is large.</summary>
internal static class WindowedDetection
{
    public const int TileOverlap = 128;

    /// <summary>Sides up to this are taken in one piece.</summary>
    public const int LargestWhole = 1536;

    /// <summary>Side of a tile for these pictures; 0: no tiles.</summary>
    public static int TileFor(int longestSide) => longestSide > LargestWhole ? 1024 : 0;

    public static IEnumerable<Window> Windows(Picture picture, int tile)
    {
        foreach ((int top, int height) in Starts(picture.Height, tile))
            foreach ((int left, int width) in Starts(picture.Width, tile))
                yield return new Window(picture, left, top, width, height);
    }

    public static List<Found> Run(Picture picture, int tile, double overlap, Func<Window, List<Found>> predict)
    {
        List<Found> all = [];
        int windows = 0;
        foreach (Window window in Windows(picture, tile))
        {
            windows++;
            all.AddRange(predict(window).Select(f => f with { Box = f.Box with { X = f.Box.X + window.Left, Y = f.Box.Y + window.Top } }));
        }
        return windows > 1 ? Decoder.Suppress(all, overlap, 300) : all;
    }

    private static IEnumerable<(int Start, int Length)> Starts(int side, int tile)
    {
        if (tile == 0 || side <= tile)
        {
            yield return (0, (side + 31) / 32 * 32);
            yield break;
        }
        // Evenly spread, the last flush with the end, as the inference library does it.
        int count = (int)Math.Ceiling((double)(side - TileOverlap) / (tile - TileOverlap));
        for (int i = 0; i < count; i++)
            yield return ((int)((long)(side - tile) * i / (count - 1)), tile);
    }
}
