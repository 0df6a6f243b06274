using System.Globalization;
using System.Text.Json;

namespace Perenne.Hub.Collect.Ingest;

/// <summary>What the sender says of a file. Names are the form fields and query parameters of every way in.</summary>
internal sealed record ArrivalFacts(string FileName, string Way)
{
    public const int MaxText = 200;
    public const int MaxMetadata = 50;

    public string? Camera { get; init; }

    public string? Station { get; init; }

    public DateTimeOffset? CapturedAt { get; init; }

    public string? PartId { get; init; }

    public string? Batch { get; init; }

    public string? Group { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>See <see cref="Arrival.DeliveryKey"/>.</summary>
    public string? DeliveryKey { get; init; }

    /// <summary>The base name only: folders of the sender's machine are nobody's business and never reach a path of ours.</summary>
    public static string CleanName(string? name)
    {
        string last = (name ?? "").Replace('\\', '/').Split('/').LastOrDefault(part => part.Length > 0) ?? "";
        string clean = new([.. last.Normalize().Where(c => !char.IsControl(c) && c != '\uFFFD')]);
        clean = clean.Trim() is "" or "." or ".." ? "image" : clean.Trim();
        return clean.Length > 400 ? clean[^400..] : clean;
    }

    /// <summary>Sets one field by its name; the sentence of what is wrong, or null.</summary>
    public string? TrySet(string field, string value, out ArrivalFacts changed)
    {
        changed = this;
        string? text = string.IsNullOrWhiteSpace(value) ? null : value.Trim();
        if (text?.Length > MaxText && field != "metadata")
            return $"'{field}' is longer than {MaxText} characters.";
        switch (field)
        {
            case "camera": changed = this with { Camera = text }; return null;
            case "station": changed = this with { Station = text }; return null;
            case "partId": changed = this with { PartId = text }; return null;
            case "batch": changed = this with { Batch = text }; return null;
            case "group": changed = this with { Group = text }; return null;
            case "capturedAt": return SetCapturedAt(text, out changed);
            case "metadata": return SetMetadata(text, out changed);
            default: return $"There is no field '{field}'; known are camera, station, capturedAt, partId, batch, group, metadata.";
        }
    }

    private string? SetCapturedAt(string? text, out ArrivalFacts changed)
    {
        changed = this with { CapturedAt = null };
        if (text is null)
            return null;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at))
            return $"'{text}' is not a time; write it like 2026-05-04T13:45:00+02:00.";
        changed = this with { CapturedAt = at };
        return null;
    }

    private string? SetMetadata(string? text, out ArrivalFacts changed)
    {
        changed = this with { Metadata = new Dictionary<string, string>() };
        if (text is null)
            return null;
        try
        {
            Dictionary<string, JsonElement> read = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(text) ?? [];
            if (Check(read) is { } problem)
                return problem;
            changed = this with { Metadata = read.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()) };
            return null;
        }
        catch (JsonException)
        {
            return "'metadata' is a JSON object of keys and values, e.g. {\"line\": \"3\", \"shift\": \"night\"}.";
        }
    }

    private static string? Check(Dictionary<string, JsonElement> read)
    {
        if (read.Count > MaxMetadata)
            return $"'metadata' has {read.Count} keys; at most {MaxMetadata} are taken.";
        foreach ((string key, JsonElement value) in read)
        {
            if (key.Length is 0 or > 100 || key.Contains(':', StringComparison.Ordinal))
                return $"The metadata key '{key}' must have 1 to 100 characters and no colon.";
            if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array || value.ToString().Length > 400)
                return $"The metadata value of '{key}' must be text, a number or true/false of at most 400 characters.";
        }

        return null;
    }
}
