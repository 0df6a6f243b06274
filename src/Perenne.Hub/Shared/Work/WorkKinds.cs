namespace Perenne.Hub.Shared.Work;

/// <summary>The kinds of background work, as stored.</summary>
internal static class WorkKinds
{
    public const string Thumbnail = "thumbnail";
    public const string Tiles = "tiles";
    public const string CameraProfile = "camera-profile";
    public const string Rejudge = "rejudge";
    public const string Watch = "watch";
}
