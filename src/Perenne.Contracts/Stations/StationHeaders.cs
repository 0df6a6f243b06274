namespace Perenne.Contracts.Stations;

/// <summary>Header names of the station's uploads (<c>PUT /station/v1/segments/{number}</c>, <c>PUT /station/v1/images/{sha256}</c>). Values are percent-encoded UTF-8.</summary>
public static class StationHeaders
{
    /// <summary>SHA-256 of the body, 64 lower-case hex digits: what was damaged on the way is refused (412: send it again), never stored.</summary>
    public const string Sha256 = "X-Perenne-Sha256";

    /// <summary>Why the image was taken: feedback, audit, band, rare, drift.</summary>
    public const string Reason = "X-Perenne-Reason";

    /// <summary>Camera name.</summary>
    public const string Camera = "X-Perenne-Camera";

    /// <summary>Part id.</summary>
    public const string Part = "X-Perenne-Part";

    /// <summary>When the frame was taken, ISO 8601.</summary>
    public const string CapturedAt = "X-Perenne-Captured-At";

    /// <summary>Id of the deciding observation.</summary>
    public const string Observation = "X-Perenne-Observation";

    /// <summary>Id of the project.</summary>
    public const string Project = "X-Perenne-Project";

    /// <summary>File name for people.</summary>
    public const string FileName = "X-Perenne-File-Name";
}
