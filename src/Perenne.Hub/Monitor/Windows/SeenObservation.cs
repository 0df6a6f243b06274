using Perenne.Vision.Drift;

namespace Perenne.Hub.Monitor;

/// <summary>One observation as a window holds it.</summary>
internal sealed record SeenObservation(DateTimeOffset At, Guid? ModelVersionId, string? ImageSha256, ObservedSignals Signals);

/// <summary>A camera that was seen lately, and the model that decided there last.</summary>
/// <param name="FrozenSince">When the first of its newest pictures was taken, if all of those are the very same picture; null: they differ, or are fewer than <see cref="Same"/>.</param>
internal sealed record SeenCamera(string Camera, Guid? ModelVersionId, DateTimeOffset LastAt, DateTimeOffset? FrozenSince = null)
{
    /// <summary>So many pictures in a row without a difference in any measure: a sensor's noise alone makes two pictures of the same part differ.</summary>
    public const int Same = 30;
}
