namespace Perenne.Contracts.Collect;

/// <summary>Announces a file that comes in pieces.</summary>
/// <param name="FileName">As it is called at the sender.</param>
/// <param name="Length">Bytes of the whole file.</param>
/// <param name="Hash">SHA-256 of the whole file, hexadecimal; where given, other bytes are refused.</param>
/// <param name="Facts">camera, station, capturedAt, partId, batch, group, metadata (a JSON object as text); all optional.</param>
public sealed record StartUploadRequest(string FileName, long Length, string? Hash = null, IReadOnlyDictionary<string, string>? Facts = null);

/// <summary>How far an upload is.</summary>
/// <param name="Id">Names it in addresses.</param>
/// <param name="Length">Bytes of the whole file.</param>
/// <param name="Offset">Bytes received: the next piece starts here.</param>
/// <param name="ExpiresAt">Without another piece it is dropped then.</param>
/// <param name="Answer">The verdict; null until it is finished.</param>
public sealed record UploadState(Guid Id, long Length, long Offset, DateTimeOffset ExpiresAt, IntakeAnswer? Answer);
