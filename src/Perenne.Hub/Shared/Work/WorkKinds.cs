namespace Perenne.Hub.Shared.Work;

/// <summary>The kinds of background work, as stored.</summary>
internal static class WorkKinds
{
    /// <summary>Thumbnails and tiles of an image.</summary>
    public const string Derivatives = "derivatives";
    public const string CameraProfile = "camera-profile";
    public const string Rejudge = "rejudge";
    public const string Watch = "watch";
    public const string Export = "export";
    public const string WebhookDelivery = "webhook-delivery";
    public const string AlertMail = "alert-mail";

    // Long work, each kind in a lane of its own.
    public const string Dataset = "dataset";
    public const string Training = "training";
    public const string Evaluation = "evaluation";
}
