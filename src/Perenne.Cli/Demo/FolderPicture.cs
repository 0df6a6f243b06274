using Perenne.Cli.Hub;
using Perenne.Formats;
using Perenne.Vision.Geometry;
using SkiaSharp;

namespace Perenne.Cli.Demo;

/// <summary>A picture of a data set, or a quarter of one.</summary>
/// <param name="Cut">The part of the file that is the picture; null: all of it.</param>
internal sealed record FolderPicture(string Name, string Group, string File, SKRectI? Cut, int Width, int Height, IReadOnlyList<DemoBox> Truth)
{
    // So full of defects that hardly a picture is without any one class: cut into quarters, as a camera closer to the part would see it.
    private const double Dense = 3;
    private const int LeastSide = 512;
    private const double Whole = 0.5, Gone = 0.1;

    public bool Shows(string label) => Truth.Any(b => b.Label == label);

    /// <summary>The pictures with a file and, where the data set is dense, their quarters.</summary>
    public static List<FolderPicture> Of(IReadOnlyList<AnnotatedImage> images)
    {
        List<FolderPicture> whole = [.. images.Where(i => i.ImagePath is not null).Select(Read).OfType<FolderPicture>()];
        bool cut = whole.Count > 0 && whole.Average(p => p.Truth.Count) >= Dense && whole.TrueForAll(p => Math.Min(p.Width, p.Height) >= LeastSide);
        return cut ? [.. whole.SelectMany(p => p.Quarters())] : whole;
    }

    public byte[] Read()
    {
        byte[] file = System.IO.File.ReadAllBytes(File);
        if (Cut is not { } part)
            return file;
        using SKBitmap all = SKBitmap.Decode(file), quarter = new(new SKImageInfo(part.Width, part.Height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        using (SKCanvas canvas = new(quarter))
            canvas.DrawBitmap(all, -part.Left, -part.Top, SKSamplingOptions.Default);
        using SKBitmap grey = quarter.Copy(SKColorType.Gray8);
        using SKData data = (all.ColorType == SKColorType.Gray8 ? grey : quarter).Encode(SKEncodedImageFormat.Jpeg, 92);
        return data.ToArray();
    }

    private static FolderPicture? Read(AnnotatedImage image)
    {
        DemoBox[] truth = [.. image.Annotations.Where(a => a.Label is not null).Select(a => (a.Label, Box: Bounds(a))).Where(a => a.Box is not null)
            .Select(a => new DemoBox(a.Label!, a.Box!.Value.X, a.Box.Value.Y, a.Box.Value.Width, a.Box.Value.Height))];
        // An image without any annotation may be a good part or one that nobody looked at: which of them, a data set does not say.
        if (truth.Length == 0)
            return null;
        string group = image.Metadata.FirstOrDefault(m => m.Key == "group").Value ?? (image.FileName.Contains('/') ? image.FileName[..image.FileName.LastIndexOf('/')] : image.FileName);
        (int width, int height) = image.Size is { } size ? (size.Width, size.Height) : SizeOf(image.ImagePath!);
        return new(image.FileName, group, image.ImagePath!, null, width, height, truth);
    }

    private IEnumerable<FolderPicture> Quarters()
    {
        int width = Width / 2, height = Height / 2;
        for (int i = 0; i < 4; i++)
        {
            SKRectI part = SKRectI.Create(i % 2 * width, i / 2 * height, width, height);
            (DemoBox Box, double Share)[] seen = [.. Truth.Select(b => Inside(b, part))];
            // A defect that is cut through is neither there nor not.
            if (!seen.Any(s => s.Share is > Gone and < Whole))
                yield return this with { Name = $"{Path.ChangeExtension(Name, null)}-{i + 1}.jpg", Cut = part, Width = width, Height = height, Truth = [.. seen.Where(s => s.Share >= Whole).Select(s => s.Box)] };
        }
    }

    private static (DemoBox, double) Inside(DemoBox box, SKRectI part)
    {
        double left = Math.Max(box.X, part.Left), top = Math.Max(box.Y, part.Top), right = Math.Min(box.X + box.Width, part.Right), bottom = Math.Min(box.Y + box.Height, part.Bottom);
        double share = Math.Max(0, right - left) * Math.Max(0, bottom - top) / (box.Width * box.Height);
        return (new(box.Label, left - part.Left, top - part.Top, right - left, bottom - top), share);
    }

    private static Box? Bounds(AnnotationRecord annotation) => annotation.Shape is { } shape && ShapeBounds.Of(shape) is { Width: > 0, Height: > 0 } box ? box : null;

    private static (int, int) SizeOf(string path)
    {
        using SKCodec codec = SKCodec.Create(path) ?? throw new HubFailure($"'{path}' is not an image that the demo can read.", 0);
        return (codec.Info.Width, codec.Info.Height);
    }
}
