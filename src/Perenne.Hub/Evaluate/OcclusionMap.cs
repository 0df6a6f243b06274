using Perenne.Contracts.Models;
using Perenne.Imaging;
using Perenne.Inference;
using Perenne.Vision.Geometry;

namespace Perenne.Hub.Evaluate;

/// <summary>What the model says about, and how much less sure it is of it when a patch of the image is covered.</summary>
/// <param name="Class">Index in the model's classes; null for a value.</param>
/// <param name="Box">[x, y, width, height] of the detection in pixels; null for tags and values.</param>
/// <param name="Score">Score, or the value, of the untouched image.</param>
/// <param name="Drops">Row by row: score without minus score with the patch covered (for values: the absolute change).</param>
internal sealed record Occlusion(int? Class, IReadOnlyList<double>? Box, double Score, int Columns, int Rows, IReadOnlyList<double> Drops);

/// <summary>Occlusion sensitivity of one answer: patches of the image's mean colour are moved over it, each a cell and a half wide.</summary>
/// <remarks>M. Zeiler and R. Fergus, "Visualizing and understanding convolutional networks", ECCV 2014, section 4.2. Pure but for the model it asks.</remarks>
internal static class OcclusionMap
{
    public const int MostCells = 16;

    private const double Same = 0.3;

    /// <returns>Null: the model says nothing about this image, so nothing can drop.</returns>
    public static Occlusion? Of(Func<PixelBuffer, Prediction> predict, ModelTask task, PixelBuffer image, int cells, CancellationToken cancel)
    {
        Prediction whole = predict(image);
        (Detection? detection, int tag) = (whole.Detections.Count > 0 ? whole.Detections[0] : null, whole.Tags.Count > 0 ? whole.Tags.Index().MaxBy(t => t.Item).Index : -1);
        if (task is ModelTask.Detect or ModelTask.Segment && detection is null)
            return null;
        double Score(Prediction said) => task switch
        {
            ModelTask.Classify => said.Tags[tag],
            ModelTask.Regress => said.Value ?? 0,
            _ => said.Detections.Where(d => d.Class == detection!.Value.Class && BoxIou.Of(d.Box, detection.Value.Box) >= Same).Select(d => d.Score).DefaultIfEmpty(0).Max(),
        };
        int columns = image.Width >= image.Height ? cells : Math.Max(2, cells * image.Width / image.Height), rows = image.Height >= image.Width ? cells : Math.Max(2, cells * image.Height / image.Width);
        double score = Score(whole);
        byte[] mean = MeanOf(image);
        double[] drops = new double[rows * columns];
        for (int i = 0; i < drops.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            using PixelBuffer covered = Cover(image, mean, i % columns, i / columns, columns, rows);
            double change = score - Score(predict(covered));
            drops[i] = Math.Round(task == ModelTask.Regress ? Math.Abs(change) : change, 4);
        }

        Box? box = detection?.Box;
        return new(task switch { ModelTask.Classify => tag, ModelTask.Regress => null, _ => detection!.Value.Class }, box is { } b && task is not (ModelTask.Classify or ModelTask.Regress) ? [b.X, b.Y, b.Width, b.Height] : null, score, columns, rows, drops);
    }

    private static PixelBuffer Cover(PixelBuffer image, byte[] mean, int column, int row, int columns, int rows)
    {
        PixelBuffer covered = new(image.Width, image.Height, image.Layout);
        image.Bytes.CopyTo(covered.Bytes);
        double width = (double)image.Width / columns, height = (double)image.Height / rows;
        int left = Math.Max(0, (int)((column - 0.25) * width)), right = Math.Min(image.Width, (int)Math.Ceiling((column + 1.25) * width));
        int top = Math.Max(0, (int)((row - 0.25) * height)), bottom = Math.Min(image.Height, (int)Math.Ceiling((row + 1.25) * height));
        for (int y = top; y < bottom; y++)
        {
            Span<byte> line = covered.Row(y);
            for (int x = left; x < right; x++)
                mean.CopyTo(line[(x * mean.Length)..]);
        }

        return covered;
    }

    // Of every 7th pixel, channel by channel (byte by byte: the upper byte of 16 bits is what models see).
    private static byte[] MeanOf(PixelBuffer image)
    {
        int step = image.Layout.BytesPerPixel();
        long[] sum = new long[step];
        long count = 0;
        for (int y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<byte> line = image.Row(y);
            for (int x = y % 7; x < image.Width; x += 7, count++)
                for (int c = 0; c < step; c++)
                    sum[c] += line[(x * step) + c];
        }

        return [.. sum.Select(s => (byte)(s / Math.Max(1, count)))];
    }
}
