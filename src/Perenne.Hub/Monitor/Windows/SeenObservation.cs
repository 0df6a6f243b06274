using Perenne.Vision.Drift;

namespace Perenne.Hub.Monitor;

/// <summary>One observation as a window holds it.</summary>
internal sealed record SeenObservation(DateTimeOffset At, Guid? ModelVersionId, string? ImageSha256, ObservedSignals Signals);

/// <summary>A camera that was seen lately, and the model that decided there last.</summary>
internal sealed record SeenCamera(string Camera, Guid? ModelVersionId, DateTimeOffset LastAt);
