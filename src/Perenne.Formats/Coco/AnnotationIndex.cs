namespace Perenne.Formats.Coco;

/// <summary>Where each annotation lies and which image it belongs to, grouped by image with a counting sort that keeps file order.</summary>
internal sealed class AnnotationIndex
{
    // Chunks instead of one growing list: no doubling, so no peak of three times the size.
    private const int ChunkBits = 14;
    private readonly List<Entry[]> _chunks = [];
    private int[] _starts = [0];
    private int[] _order = [];

    /// <param name="Offset">Position of the record in the file.</param>
    /// <param name="Length">Its length in bytes.</param>
    /// <param name="Index">Its index in the annotations array, for messages.</param>
    /// <param name="Image">Number of its image's id.</param>
    public readonly record struct Entry(long Offset, int Length, int Index, int Image);

    public int Count { get; private set; }

    public ref readonly Entry this[int at] => ref _chunks[at >> ChunkBits][at & (1 << ChunkBits) - 1];

    public void Add(long offset, int length, int index, int image)
    {
        if (Count >> ChunkBits == _chunks.Count)
            _chunks.Add(new Entry[1 << ChunkBits]);
        _chunks[Count >> ChunkBits][Count & (1 << ChunkBits) - 1] = new(offset, length, index, image);
        Count++;
    }

    public void Build(int images)
    {
        _starts = new int[images + 1];
        for (int i = 0; i < Count; i++)
            _starts[this[i].Image + 1]++;
        for (int i = 0; i < images; i++)
            _starts[i + 1] += _starts[i];
        int[] next = _starts[..^1];
        _order = new int[Count];
        for (int i = 0; i < Count; i++)
            _order[next[this[i].Image]++] = i;
    }

    /// <summary>Positions in this index of one image's annotations, in file order.</summary>
    public ReadOnlySpan<int> Of(int image) => _order.AsSpan(_starts[image], _starts[image + 1] - _starts[image]);
}
