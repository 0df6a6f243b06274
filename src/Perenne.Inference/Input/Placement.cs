using Perenne.Contracts.Models;
using Perenne.Vision.Geometry;

namespace Perenne.Inference;

/// <summary>
/// Where a part of the image lies in the input tensor. The scales are those of the resampling that is really done
/// (whole pixels), so that the way back is exact.
/// </summary>
internal readonly record struct Placement
{
    /// <summary>Part of the image, pixels.</summary>
    public required int SourceX { get; init; }
    public required int SourceY { get; init; }
    public required int SourceWidth { get; init; }
    public required int SourceHeight { get; init; }

    /// <summary>Where it lies in the tensor, pixels.</summary>
    public required int Left { get; init; }
    public required int Top { get; init; }
    public required int ContentWidth { get; init; }
    public required int ContentHeight { get; init; }

    /// <summary>Size of the tensor.</summary>
    public required int Width { get; init; }
    public required int Height { get; init; }

    public double ScaleX => (double)ContentWidth / SourceWidth;
    public double ScaleY => (double)ContentHeight / SourceHeight;

    public (double X, double Y) ToImage(double x, double y) => (SourceX + (x - Left) / ScaleX, SourceY + (y - Top) / ScaleY);

    public (double X, double Y) ToInput(double x, double y) => ((x - SourceX) * ScaleX + Left, (y - SourceY) * ScaleY + Top);

    /// <summary>The box in image pixels, cut to the part of the image the tensor shows.</summary>
    public Box ToImage(float x1, float y1, float x2, float y2)
    {
        (double left, double top) = ToImage(x1, y1);
        (double right, double bottom) = ToImage(x2, y2);
        left = Math.Clamp(left, SourceX, SourceX + SourceWidth);
        right = Math.Clamp(right, left, SourceX + SourceWidth);
        top = Math.Clamp(top, SourceY, SourceY + SourceHeight);
        bottom = Math.Clamp(bottom, top, SourceY + SourceHeight);
        return new Box(left, top, right - left, bottom - top);
    }

    /// <summary>All placements of an image of this size: one, or one per tile.</summary>
    public static Placement[] Of(ModelInput input, int width, int height) => input.Resize switch
    {
        ResizeMode.Letterbox => [Letterbox(input, width, height, centred: true)],
        ResizeMode.LetterboxTopLeft => [Letterbox(input, width, height, centred: false)],
        ResizeMode.Stretch => [Whole(width, height, 0, 0, input.Width, input.Height, input.Width, input.Height)],
        ResizeMode.Native => [Whole(width, height, 0, 0, width, height, RoundUp(width), RoundUp(height))],
        _ => Tiles(input, width, height),
    };

    private static Placement Letterbox(ModelInput input, int width, int height, bool centred)
    {
        double ratio = Math.Min((double)input.Width / width, (double)input.Height / height);
        int w = Math.Clamp((int)Math.Round(width * ratio), 1, input.Width), h = Math.Clamp((int)Math.Round(height * ratio), 1, input.Height);
        return Whole(width, height, centred ? (input.Width - w) / 2 : 0, centred ? (input.Height - h) / 2 : 0, w, h, input.Width, input.Height);
    }

    private static Placement[] Tiles(ModelInput input, int width, int height)
    {
        int[] xs = Starts(width, input.Width, input.TileOverlap), ys = Starts(height, input.Height, input.TileOverlap);
        Placement[] tiles = new Placement[xs.Length * ys.Length];
        for (int i = 0; i < tiles.Length; i++)
        {
            (int x, int y) = (xs[i % xs.Length], ys[i / xs.Length]);
            int w = Math.Min(input.Width, width - x), h = Math.Min(input.Height, height - y);
            tiles[i] = Whole(w, h, 0, 0, w, h, input.Width, input.Height) with { SourceX = x, SourceY = y };
        }
        return tiles;
    }

    /// <summary>Tile starts, evenly spread, the last flush with the end: no tile is mostly padding and every overlap is at least the one asked for.</summary>
    private static int[] Starts(int length, int tile, int overlap)
    {
        if (length <= tile)
            return [0];
        int count = (int)Math.Ceiling((double)(length - overlap) / (tile - overlap));
        int[] starts = new int[count];
        for (int i = 0; i < count; i++)
            starts[i] = (int)((long)(length - tile) * i / (count - 1));
        return starts;
    }

    private static Placement Whole(int width, int height, int left, int top, int contentWidth, int contentHeight, int tensorWidth, int tensorHeight) => new()
    {
        SourceX = 0,
        SourceY = 0,
        SourceWidth = width,
        SourceHeight = height,
        Left = left,
        Top = top,
        ContentWidth = contentWidth,
        ContentHeight = contentHeight,
        Width = tensorWidth,
        Height = tensorHeight,
    };

    private static int RoundUp(int n) => (n + 31) / 32 * 32;
}
