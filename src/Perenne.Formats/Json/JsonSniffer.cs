using System.Text.Json;

namespace Perenne.Formats;

/// <summary>Names the JSON format of a file from its first 64 KiB.</summary>
internal static class JsonSniffer
{
    public static string? Sniff(string path)
    {
        byte[] head = new byte[64 * 1024];
        int got;
        using (FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1))
            got = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        ReadOnlySpan<byte> text = head.AsSpan(0, got);
        return Sniff(text.StartsWith("\uFEFF"u8) ? text[3..] : text);
    }

    public static string? Sniff(ReadOnlySpan<byte> head)
    {
        Utf8JsonReader reader = new(head, false, new JsonReaderState(new() { CommentHandling = JsonCommentHandling.Skip, AllowMultipleValues = true }));
        HashSet<string> names = [];
        bool list = false;
        try
        {
            while (reader.Read())
            {
                if (reader is { TokenType: JsonTokenType.StartArray, CurrentDepth: 0 })
                    list = true;
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == (list ? 2 : 1))
                    names.Add(reader.GetString() ?? "");
                if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == (list ? 1 : 0))
                    break;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Damaged further on; what was seen so far decides.
        }
        return Decide(names, list);
    }

    private static string? Decide(HashSet<string> names, bool list)
    {
        if (!list && names.Contains("images") && (names.Contains("annotations") || names.Contains("categories")))
            return "coco";
        if (!list && (names.Contains("annotations") && names.Contains("categories") || names.Contains("images")))
            return "coco";
        if (names.Overlaps(["data_row", "dataRow", "Label", "Labeled Data", "DataRow ID"]))
            return "labelbox";
        if (names.Contains("data") && names.Overlaps(["annotations", "completions", "predictions", "id"]) || list && names.Contains("annotations"))
            return "label-studio";
        // The first of the arrays may be longer than the head.
        return !list && names.Overlaps(["annotations", "categories", "info", "licenses"]) ? "coco" : null;
    }
}
