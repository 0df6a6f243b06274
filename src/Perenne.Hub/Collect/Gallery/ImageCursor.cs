using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Perenne.Hub.Collect.Gallery;

/// <summary>The last (or first) image of a page: its sort value and id. Opaque to clients.</summary>
internal sealed record ImageCursor(Guid Id, DateTimeOffset? CapturedAt, double QualityScore, bool Backwards)
{
    public override string ToString() => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"{(Backwards ? 'b' : 'f')}|{Id:n}|{CapturedAt?.UtcTicks}|{QualityScore:R}")));

    /// <summary>Null: not a cursor of ours.</summary>
    public static ImageCursor? Parse(string text)
    {
        if (!Base64Url.IsValid(text))
            return null;
        string[] parts = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(text)).Split('|');
        if (parts.Length != 4 || parts[0] is not ("b" or "f") || !Guid.TryParseExact(parts[1], "n", out Guid id)
            || !double.TryParse(parts[3], NumberStyles.Float, CultureInfo.InvariantCulture, out double score))
            return null;
        DateTimeOffset? captured = null;
        if (parts[2].Length > 0)
        {
            if (!long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out long ticks) || ticks > DateTimeOffset.MaxValue.UtcTicks)
                return null;
            captured = new(ticks, TimeSpan.Zero);
        }

        return new(id, captured, score, parts[0] == "b");
    }
}
