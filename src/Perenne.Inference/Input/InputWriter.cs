using System.Buffers;
using Perenne.Contracts.Models;

namespace Perenne.Inference;

/// <summary>
/// Writes pixels into the tensor, resampled bilinearly with half-pixel centres and without smoothing, as OpenCV's INTER_LINEAR does:
/// the exported families were trained on exactly that.
/// </summary>
internal sealed class InputWriter
{
    private readonly float[][] values;
    private readonly float[] pads;

    public InputWriter(ModelInput input)
    {
        int channels = ManifestCheck.ChannelsOf(input);
        values = new float[channels][];
        pads = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            double mean = input.Mean[input.Mean.Count == 1 ? 0 : c], std = input.Std[input.Std.Count == 1 ? 0 : c];
            values[c] = [.. Enumerable.Range(0, 256).Select(v => (float)((v * input.Scale - mean) / std))];
            pads[c] = values[c][input.PadValue];
        }
    }

    public int Channels => values.Length;

    /// <param name="planes">One per channel.</param>
    /// <param name="placement">Where the picture goes.</param>
    /// <param name="tensor">Channels × Height × Width of one item.</param>
    public void Write(ReadOnlySpan<Plane> planes, in Placement placement, Span<float> tensor)
    {
        int area = placement.Width * placement.Height;
        for (int c = 0; c < values.Length; c++)
        {
            Span<float> channel = tensor.Slice(c * area, area);
            if (placement.ContentWidth < placement.Width || placement.ContentHeight < placement.Height)
                channel.Fill(pads[c]);
            if (placement.ContentWidth == placement.SourceWidth && placement.ContentHeight == placement.SourceHeight)
                Copy(planes[c], placement, values[c], channel);
            else
                Resample(planes[c], placement, values[c], channel);
        }
    }

    private static void Copy(Plane plane, in Placement p, float[] values, Span<float> to)
    {
        for (int y = 0; y < p.SourceHeight; y++)
        {
            ReadOnlySpan<byte> row = plane.Pixels.Row(p.SourceY + y)[(p.SourceX * plane.Step + plane.Offset)..];
            Span<float> line = to.Slice((p.Top + y) * p.Width + p.Left, p.ContentWidth);
            if (plane.Step == 1)
                for (int x = 0; x < line.Length; x++)
                    line[x] = values[row[x]];
            else
                for (int x = 0, at = 0; x < line.Length; x++, at += plane.Step)
                    line[x] = values[row[at]];
        }
    }

    private static void Resample(Plane plane, in Placement p, float[] values, Span<float> to)
    {
        int[] left = ArrayPool<int>.Shared.Rent(p.ContentWidth);
        float[] weight = ArrayPool<float>.Shared.Rent(p.ContentWidth), blended = ArrayPool<float>.Shared.Rent(p.SourceWidth + 1);
        for (int x = 0; x < p.ContentWidth; x++)
            (left[x], weight[x]) = Tap(x, p.ScaleX, p.SourceWidth);
        for (int y = 0; y < p.ContentHeight; y++)
        {
            (int top, float down) = Tap(y, p.ScaleY, p.SourceHeight);
            int start = p.SourceX * plane.Step + plane.Offset;
            ReadOnlySpan<byte> a = plane.Pixels.Row(p.SourceY + top)[start..];
            ReadOnlySpan<byte> b = plane.Pixels.Row(p.SourceY + Math.Min(top + 1, p.SourceHeight - 1))[start..];
            for (int x = 0, at = 0; x < p.SourceWidth; x++, at += plane.Step)
            {
                float upper = values[a[at]];
                blended[x] = upper + (values[b[at]] - upper) * down;
            }
            blended[p.SourceWidth] = blended[p.SourceWidth - 1];
            Span<float> line = to.Slice((p.Top + y) * p.Width + p.Left, p.ContentWidth);
            for (int x = 0; x < line.Length; x++)
            {
                float first = blended[left[x]];
                line[x] = first + (blended[left[x] + 1] - first) * weight[x];
            }
        }
        ArrayPool<int>.Shared.Return(left);
        ArrayPool<float>.Shared.Return(weight);
        ArrayPool<float>.Shared.Return(blended);
    }

    private static (int Left, float Weight) Tap(int position, double scale, int length)
    {
        double at = Math.Clamp((position + .5) / scale - .5, 0, length - 1);
        int left = (int)at;
        return (left, (float)(at - left));
    }
}
