using System.Text;

namespace Perenne.Hub.Train;

/// <summary>The last part of an endless output, in constant memory.</summary>
internal sealed class TailBuffer
{
    public const int Most = 64 << 10;

    private readonly StringBuilder text = new();
    private readonly Lock guard = new();
    private long total;

    /// <summary>Characters that ever came.</summary>
    public long Total => Interlocked.Read(ref total);

    public async Task ReadAsync(TextReader from)
    {
        char[] buffer = new char[8 << 10];
        for (int read; (read = await from.ReadAsync(buffer)) > 0;)
        {
            Interlocked.Add(ref total, read);
            lock (guard)
            {
                text.Append(buffer, 0, read);
                if (text.Length > 2 * Most)
                    text.Remove(0, text.Length - Most);
            }
        }
    }

    public override string ToString()
    {
        lock (guard)
            return text.Length > Most ? text.ToString(text.Length - Most, Most) : text.ToString();
    }

    /// <summary>The last lines with something in them, at most so many characters.</summary>
    public string LastLines(int lines, int most)
    {
        string[] all = ToString().Replace("\0", "", StringComparison.Ordinal).Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string last = string.Join('\n', all.TakeLast(lines));
        return last.Length > most ? "…" + last[^(most - 1)..] : last;
    }
}
