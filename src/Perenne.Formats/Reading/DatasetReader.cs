using System.Runtime.CompilerServices;

namespace Perenne.Formats;

/// <summary>
/// Reads one data set image by image, in a stable order and bounded memory. Open it through <see cref="DatasetFormats.OpenAsync"/>.
/// May be read more than once, one reading at a time.
/// </summary>
public abstract class DatasetReader : IAsyncDisposable
{
    private protected DatasetReader(ReadOptions options)
    {
        Options = options;
        Problems = new ReadProblems(options.Lenient);
    }

    /// <summary>Label classes and what else is known before the first image.</summary>
    public abstract DatasetHeader Header { get; }

    /// <summary>Problems met so far; always empty in strict mode.</summary>
    public ReadProblems Problems { get; }

    /// <summary>What the source holds and the neutral record does not.</summary>
    public LossReport Losses { get; } = new();

    private protected ReadOptions Options { get; }

    /// <summary>Streams the images.</summary>
    /// <exception cref="DatasetFormatException">In strict mode, at the first problem.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async IAsyncEnumerable<AnnotatedImage> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        long done = 0;
        await foreach (AnnotatedImage image in ReadImagesAsync(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return image;
            if (++done % 256 == 0)
                Options.Progress?.Report(new("read", done, Header.ImageCount));
        }
        Options.Progress?.Report(new("read", done, Header.ImageCount ?? done));
    }

    /// <summary>Closes the files.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected abstract IAsyncEnumerable<AnnotatedImage> ReadImagesAsync(CancellationToken cancellationToken);

    private protected ImageAnswer AnswerFor(int annotations, ImageAnswer formatConvention) =>
        annotations > 0 ? ImageAnswer.Annotated : Options.EmptyImagesAre ?? formatConvention;
}
