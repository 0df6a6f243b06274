using Perenne.Hub.Shared.Blobs;

namespace Perenne.Hub.Collect.Watch;

/// <summary>A file that a look into a watched source came across.</summary>
/// <param name="path">Below the source, with "/" between its parts.</param>
/// <param name="stamp">Changes when the file is written again.</param>
internal abstract class FoundFile(string path, string stamp)
{
    public string Path { get; } = path;

    public string Stamp { get; } = stamp;

    /// <summary>Whether it is complete when it is seen; otherwise it must rest between two looks.</summary>
    public abstract bool IsWhole { get; }

    /// <summary>Null when it is gone or another one already.</summary>
    public abstract Task<Stream?> OpenAsync(CancellationToken cancel);

    /// <summary>False when it was written while it was read.</summary>
    public abstract bool IsStill(StagedFile staged);

    /// <summary>Moves it below the source's folder or prefix of that name.</summary>
    public abstract Task MoveAsync(string to, CancellationToken cancel);
}
