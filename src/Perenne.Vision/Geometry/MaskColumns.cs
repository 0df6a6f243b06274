namespace Perenne.Vision.Geometry;

/// <summary>A vertical stretch of foreground in one column: pixels Top to Bottom (exclusive).</summary>
internal readonly record struct ColumnRun(int Column, int Top, int Bottom);

/// <summary>Enumerates a mask's foreground column by column, without expanding it to pixels and without allocation.</summary>
internal ref struct MaskColumns
{
    private readonly ReadOnlySpan<uint> counts;
    private readonly uint height;
    private int next;
    private ulong position;
    private ulong end;

    private MaskColumns(RunLengthMask mask)
    {
        counts = mask.Counts.AsSpan();
        height = (uint)mask.Height;
    }

    public ColumnRun Current { get; private set; }

    public static MaskColumns Of(RunLengthMask mask) => new(mask);

    public readonly MaskColumns GetEnumerator() => this;

    public bool MoveNext()
    {
        while (position == end)
        {
            if (next + 1 >= counts.Length)
                return false;
            position = end + counts[next];
            end = position + counts[next + 1];
            next += 2;
        }
        ulong column = position / height;
        ulong columnEnd = Math.Min(end, (column + 1) * height);
        Current = new ColumnRun((int)column, (int)(position - column * height), (int)(columnEnd - column * height));
        position = columnEnd;
        return true;
    }
}
