using System.Text.RegularExpressions;
using Perenne.Station.Judge;

namespace Perenne.Station.Sources;

/// <summary>What all sources of frames share: the part's id, the reference image, and what to do when the disk is full.</summary>
internal sealed class CameraLoop
{
    private readonly FrameJudge judge;
    private readonly PartIds parts;
    private readonly TimeProvider time;
    private readonly Regex? partPattern;
    private readonly byte[]? reference;

    public CameraLoop(CameraOptions options, FrameJudge judge, PartIds parts, TimeProvider time)
    {
        (Options, this.judge, this.parts, this.time) = (options, judge, parts, time);
        partPattern = options.PartPattern is { Length: > 0 } pattern ? new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)) : null;
        reference = options.Reference is { } path && File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    public CameraOptions Options { get; }

    /// <summary>Folder with a reference of its own for each picture, by the same name. Null: one for all, or none.</summary>
    public string? ReferenceFolder => Options.Reference is { } path && Directory.Exists(path) ? Path.GetFullPath(path) : null;

    /// <param name="relativeName">Name below the camera's folder, for references in a folder. Null: the file name.</param>
    /// <exception cref="IOException">The frame is not taken: the source keeps it and tries again.</exception>
    public Task<Judged> JudgeAsync(byte[] file, string? fileName, string? part, DateTimeOffset? capturedAt, byte[]? ownReference, CancellationToken cancel, string? relativeName = null) => judge.JudgeAsync(new Arrival
    {
        Camera = Options.Name,
        Project = Options.Project,
        File = file,
        FileName = fileName,
        Part = part ?? PartOf(fileName) ?? parts.Last(Options.Name),
        CapturedAt = capturedAt ?? time.GetUtcNow(),
        Reference = ownReference ?? reference ?? ReferenceOf(relativeName ?? fileName),
    }, cancel);

    private string? PartOf(string? fileName) =>
        fileName is not null && partPattern?.Match(fileName) is { Success: true } match && match.Groups["part"] is { Success: true, Value: { Length: > 0 } part } ? part : null;

    private byte[]? ReferenceOf(string? name)
    {
        if (name is null || ReferenceFolder is not { } folder)
            return null;
        string path = Path.GetFullPath(Path.Combine(folder, name));
        // A name that came from outside never leaves the folder.
        return path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(path) ? File.ReadAllBytes(path) : null;
    }
}
