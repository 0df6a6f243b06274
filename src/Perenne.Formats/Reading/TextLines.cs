using System.Buffers.Text;

namespace Perenne.Formats;

/// <summary>Small text files of numbers, read whole (their size is bounded) and split without allocating.</summary>
internal static class TextLines
{
    /// <summary>The file's bytes, without a byte order mark.</summary>
    /// <exception cref="DatasetFormatException">Larger than <see cref="ReadOptions.MaxRecordBytes"/>.</exception>
    public static ReadOnlyMemory<byte> Read(string path, string name, ReadOptions options)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        if (stream.Length > options.MaxRecordBytes)
            throw new DatasetFormatException(new(name, "", $"a file of {stream.Length} bytes", $"at most {options.MaxRecordBytes} bytes"));
        byte[] bytes = new byte[stream.Length];
        int got = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes.AsSpan(0, got).StartsWith("\uFEFF"u8) ? bytes.AsMemory(3, got - 3) : bytes.AsMemory(0, got);
    }

    /// <summary>Takes the next line off <paramref name="rest"/>, without its end.</summary>
    public static bool Next(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line)
    {
        line = default;
        if (rest.IsEmpty)
            return false;
        int end = rest.IndexOf((byte)'\n');
        line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        if (line.EndsWith("\r"u8))
            line = line[..^1];
        return true;
    }

    /// <summary>Takes the next word off <paramref name="rest"/>; words are parted by blanks, tabs or commas.</summary>
    public static bool NextWord(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> word)
    {
        rest = rest.TrimStart(" \t,"u8);
        int end = rest.IndexOfAny((byte)' ', (byte)'\t', (byte)',');
        word = end < 0 ? rest : rest[..end];
        rest = rest[word.Length..];
        return !word.IsEmpty;
    }

    public static bool TryNumber(ReadOnlySpan<byte> word, out double value)
    {
        if (word.StartsWith("+"u8))
            word = word[1..];
        return Utf8Parser.TryParse(word, out value, out int used) && used == word.Length && Math.Abs(value) <= 1e9;
    }
}
