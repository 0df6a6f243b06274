namespace Perenne.Station.Judge;

/// <summary>A frame as a source gives it: the file's bytes and what is known of it.</summary>
internal sealed record Arrival
{
    public required string Camera { get; init; }
    public required byte[] File { get; init; }
    public required DateTimeOffset CapturedAt { get; init; }
    public string? Part { get; init; }
    public string? FileName { get; init; }

    /// <summary>The reference image's bytes, for models that compare.</summary>
    public byte[]? Reference { get; init; }

    public string? Project { get; init; }
}
