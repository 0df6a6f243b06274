namespace Perenne.Vision.Geometry;

/// <summary>An affine map from one image to another of a given size, applied alike to pixels and annotations: x' = A·x + B·y + C, y' = D·x + E·y + F in continuous image coordinates.</summary>
/// <remarks>Pixel (i, j) covers [i, i+1) × [j, j+1), so that a flip maps x to width - x. To resample an image, read the source at <see cref="Inverse"/> of each target pixel's centre (i + 0.5, j + 0.5).</remarks>
/// <param name="Source">Size of the image mapped from.</param>
/// <param name="Target">Size of the image mapped to.</param>
/// <param name="A">x' per x.</param>
/// <param name="B">x' per y.</param>
/// <param name="C">x' at the origin.</param>
/// <param name="D">y' per x.</param>
/// <param name="E">y' per y.</param>
/// <param name="F">y' at the origin.</param>
public sealed record ImageTransform(ImageSize Source, ImageSize Target, double A, double B, double C, double D, double E, double F)
{
    /// <summary>Leaves everything where it is.</summary>
    public static ImageTransform Identity(ImageSize size) => new(size, size, 1, 0, 0, 0, 1, 0);

    /// <summary>Left becomes right.</summary>
    public static ImageTransform FlipHorizontal(ImageSize size) => new(size, size, -1, 0, size.Width, 0, 1, 0);

    /// <summary>Up becomes down.</summary>
    public static ImageTransform FlipVertical(ImageSize size) => new(size, size, 1, 0, 0, 0, -1, size.Height);

    /// <summary>Turns clockwise by quarter turns; width and height swap at odd ones. Any whole number.</summary>
    public static ImageTransform QuarterTurns(ImageSize size, int turns) => (((turns % 4) + 4) % 4) switch
    {
        0 => Identity(size),
        1 => new(size, new ImageSize(size.Height, size.Width), 0, -1, size.Height, 1, 0, 0),
        2 => new(size, size, -1, 0, size.Width, 0, -1, size.Height),
        _ => new(size, new ImageSize(size.Height, size.Width), 0, 1, 0, -1, 0, size.Width),
    };

    /// <summary>Turns clockwise about the middle, the image's size kept; corners leave the image.</summary>
    public static ImageTransform Rotation(ImageSize size, double degrees)
    {
        (double sin, double cos) = Corners.SinCos(degrees);
        double x = size.Width / 2.0, y = size.Height / 2.0;
        return new ImageTransform(size, size, cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y);
    }

    /// <summary>Resizes to a new size.</summary>
    /// <exception cref="ArgumentException">A side of the source is 0.</exception>
    public static ImageTransform Scale(ImageSize from, ImageSize to) => from.Width > 0 && from.Height > 0
        ? new(from, to, (double)to.Width / from.Width, 0, 0, 0, (double)to.Height / from.Height, 0)
        : throw new ArgumentException("An image without pixels cannot be scaled.", nameof(from));

    /// <summary>Cuts out a window of whole pixels; it may reach outside (padding).</summary>
    public static ImageTransform Crop(ImageSize from, int x, int y, ImageSize window) => new(from, window, 1, 0, -x, 0, 1, -y);

    /// <summary>Windows that cover the image, row by row. The last of a row or column is moved inwards, so that all have the tile's size (or the image's, where that is smaller).</summary>
    /// <param name="size">The image.</param>
    /// <param name="tile">Size of a tile, &gt; 0.</param>
    /// <param name="overlap">Pixels neighbours share at least, below the tile's sides.</param>
    public static IReadOnlyList<ImageTransform> Tiles(ImageSize size, ImageSize tile, int overlap = 0)
    {
        if (tile.Width <= 0 || tile.Height <= 0 || overlap < 0 || overlap >= Math.Min(tile.Width, tile.Height))
            throw new ArgumentException($"Tiles need positive sides and an overlap from 0 to below them, but are {tile.Width} × {tile.Height} with {overlap}.");
        var window = new ImageSize(Math.Min(tile.Width, size.Width), Math.Min(tile.Height, size.Height));
        return [.. from y in Starts(size.Height, window.Height, overlap)
                   from x in Starts(size.Width, window.Width, overlap)
                   select Crop(size, x, y, window)];
    }

    /// <summary>Where a position goes.</summary>
    public ImagePoint Apply(ImagePoint p) => new(A * p.X + B * p.Y + C, D * p.X + E * p.Y + F);

    /// <summary>This map, then another.</summary>
    /// <exception cref="ArgumentException">The other does not start from this one's target size.</exception>
    public ImageTransform Then(ImageTransform next)
    {
        if (next.Source != Target)
            throw new ArgumentException($"The next step starts from {next.Source.Width} × {next.Source.Height}, but this one gives {Target.Width} × {Target.Height}.", nameof(next));
        ImagePoint origin = next.Apply(new ImagePoint(C, F));
        return new ImageTransform(Source, next.Target,
            next.A * A + next.B * D, next.A * B + next.B * E, origin.X,
            next.D * A + next.E * D, next.D * B + next.E * E, origin.Y);
    }

    /// <summary>The way back.</summary>
    /// <exception cref="InvalidOperationException">The map flattens the image.</exception>
    public ImageTransform Inverse()
    {
        double determinant = A * E - B * D;
        if (determinant == 0)
            throw new InvalidOperationException("A map that flattens the image has no inverse.");
        double a = E / determinant, b = -B / determinant, d = -D / determinant, e = A / determinant;
        return new ImageTransform(Target, Source, a, b, -(a * C + b * F), d, e, -(d * C + e * F));
    }

    /// <summary>Moves a shape along; see <see cref="ShapeTransforms.Apply"/>.</summary>
    public Shape Apply(Shape shape) => ShapeTransforms.Apply(this, shape);

    private static IEnumerable<int> Starts(int length, int window, int overlap)
    {
        for (int start = 0; start + window < length; start += window - overlap)
            yield return start;
        yield return length - window;
    }
}
