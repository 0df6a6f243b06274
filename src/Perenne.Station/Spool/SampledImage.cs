namespace Perenne.Station.Spool;

/// <summary>A frame that goes to the hub, with why.</summary>
internal sealed record SampledImage
{
    public required string Sha256 { get; init; }
    public required string Reason { get; init; }
    public required string Camera { get; init; }
    public required DateTimeOffset CapturedAt { get; init; }
    public required Guid ObservationId { get; init; }
    public Guid? ProjectId { get; init; }
    public string? Part { get; init; }
    public string? FileName { get; init; }
}

/// <param name="MetaPath">Its facts; the picture lies beside it.</param>
internal sealed record WaitingImage(string MetaPath, string ImagePath, SampledImage Facts, long Bytes);
