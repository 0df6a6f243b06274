using System.Buffers;
using System.Buffers.Text;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Yolo;

/// <summary>Label rows with 8 decimals: at 100,000 pixels still within 0.001 pixel.</summary>
internal sealed class YoloText
{
    private const int Decimals = 8;
    private const double Scale = 1e8;
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public void Clear() => _buffer.ResetWrittenCount();

    public void Row(int number, Shape shape, ImageSize size)
    {
        Span<byte> text = _buffer.GetSpan(16);
        Utf8Formatter.TryFormat(number, text, out int used);
        _buffer.Advance(used);
        switch (shape)
        {
            case BoxShape b:
                Number((b.Box.X + b.Box.Width / 2) / size.Width);
                Number((b.Box.Y + b.Box.Height / 2) / size.Height);
                Number(b.Box.Width / size.Width);
                Number(b.Box.Height / size.Height);
                break;
            case RotatedBoxShape r:
                Points(ShapeMath.Corners(r.Box).AsSpan(), size);
                break;
            case PolygonShape p:
                Points(p.Rings[0].AsSpan(), size);
                break;
            default:
                throw new NotSupportedException(shape.GetType().Name);
        }
        _buffer.Write("\n"u8);
    }

    private void Points(ReadOnlySpan<ImagePoint> points, ImageSize size)
    {
        foreach (ImagePoint point in points)
        {
            Number(point.X / size.Width);
            Number(point.Y / size.Height);
        }
    }

    // Fixed point by hand: never an exponent, and the hot path of large conversions.
    private void Number(double value)
    {
        Span<byte> text = _buffer.GetSpan(40);
        int at = 0;
        text[at++] = (byte)' ';
        long scaled = (long)Math.Round(value * Scale);
        if (scaled < 0)
            text[at++] = (byte)'-';
        (ulong whole, ulong fraction) = Math.DivRem((ulong)Math.Abs(scaled), (ulong)Scale);
        Utf8Formatter.TryFormat(whole, text[at..], out int used);
        at += used;
        if (fraction != 0)
        {
            text[at++] = (byte)'.';
            for (int i = Decimals - 1; i >= 0; i--, fraction /= 10)
                text[at + i] = (byte)('0' + fraction % 10);
            at += Decimals;
            while (text[at - 1] == '0')
                at--;
        }
        _buffer.Advance(at);
    }
}
