using Perenne.Contracts.Jobs;
using Perenne.Training.Learners;

namespace Perenne.Training.Data;

/// <summary>Paints annotated shapes onto the grid of 4×4-pixel cells: a cell takes the class at its centre, later shapes over earlier ones.</summary>
internal sealed class MaskPainter(SizeChoice sizes)
{
    public const byte Ignore = 255;

    private const int Cell = 4;

    public void Crop(TrainingSample sample, View view, Span<byte> cells) =>
        Paint(sample, view.Size / Cell, view.Size / Cell, (x, y) => view.ToPicture(x, y), cells);

    public byte[] Window(TrainingSample sample, Window window)
    {
        byte[] cells = new byte[window.Width / Cell * (window.Height / Cell)];
        Paint(sample, window.Width / Cell, window.Height / Cell, (x, y) => (x + window.Left, y + window.Top), cells);
        return cells;
    }

    private void Paint(TrainingSample sample, int width, int height, Func<float, float, (float X, float Y)> toPicture, Span<byte> cells)
    {
        double scale = sizes.ScaleOf(sample);
        cells.Clear();
        if (sample.Shapes.Count == 0)
            return;
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                (float px, float py) = toPicture((x + 0.5f) * Cell, (y + 0.5f) * Cell);
                foreach (SampleShape shape in sample.Shapes)
                    if (Covers(shape, px / scale, py / scale))
                        cells[y * width + x] = shape.Ignore ? Ignore : (byte)(shape.Class + 1);
            }
    }

    private static bool Covers(SampleShape shape, double x, double y)
    {
        IReadOnlyList<double> box = shape.Box;
        if (x < box[0] || y < box[1] || x >= box[0] + box[2] || y >= box[1] + box[3])
            return false;
        if (shape.Polygon is not { Count: >= 6 } ring)
            return true;
        bool inside = false;
        for (int i = 0, j = ring.Count - 2; i < ring.Count; j = i, i += 2)
            if ((ring[i + 1] > y) != (ring[j + 1] > y) && x < (ring[j] - ring[i]) * (y - ring[i + 1]) / (ring[j + 1] - ring[i + 1]) + ring[i])
                inside = !inside;
        return inside;
    }
}
