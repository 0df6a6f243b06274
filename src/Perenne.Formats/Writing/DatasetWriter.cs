using System.Collections.Immutable;

namespace Perenne.Formats;

/// <summary>
/// Writes one data set image by image in bounded memory. The same images in the same order give the same bytes.
/// Create it through <see cref="DatasetFormats.CreateWriter"/>; nothing is complete before <see cref="CompleteAsync"/>.
/// </summary>
public abstract class DatasetWriter : IAsyncDisposable
{
    private readonly ShapeFitter _fitter;

    private protected DatasetWriter(DatasetFeature holds, DatasetHeader header, WriteOptions options)
    {
        Holds = holds;
        Header = header;
        Options = options;
        _fitter = new ShapeFitter(holds, Losses);
    }

    /// <summary>What the format could not hold so far.</summary>
    public LossReport Losses { get; } = new();

    /// <summary>Images written.</summary>
    public long ImageCount { get; private set; }

    /// <summary>Annotations written.</summary>
    public long AnnotationCount { get; private set; }

    private protected DatasetFeature Holds { get; }

    private protected DatasetHeader Header { get; }

    private protected WriteOptions Options { get; }

    /// <summary>Writes one image, after noting in <see cref="Losses"/> what the format cannot hold of it.</summary>
    /// <exception cref="DatasetFormatException">Its file name leads outside the data set, two images would share a file, or a label is not among the header's classes.</exception>
    public async Task WriteAsync(AnnotatedImage image, CancellationToken cancellationToken = default)
    {
        if (!SafePath.TryNormalize(image.FileName, out string name))
            throw new DatasetFormatException(SafePath.Problem(image.FileName, "", image.FileName));
        if (image.Split is { } split && (split.Contains('/', StringComparison.Ordinal) || !SafePath.TryNormalize(split, out _)))
            throw new DatasetFormatException(new(image.FileName, "", $"the split \"{split}\" is not a plain name", "a name without folders"));
        if (!AcceptsAnswer(image))
            return;
        if (image.Split is not null && !Holds.HasFlag(DatasetFeature.Splits))
            Losses.Add(DatasetFeature.Splits, image.FileName, image.Split);
        AnnotatedImage fitted = image with { FileName = name, Annotations = _fitter.Fit(image) };
        ImageCount++;
        AnnotationCount += fitted.Annotations.Length;
        await WriteImageAsync(fitted, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finishes the files. Call once, after the last image.</summary>
    public abstract Task CompleteAsync(CancellationToken cancellationToken = default);

    /// <summary>Closes the files; without <see cref="CompleteAsync"/> they are not a data set.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected abstract Task WriteImageAsync(AnnotatedImage image, CancellationToken cancellationToken);

    /// <summary>Copies the image to its place below the data set where that is asked for and the file was found.</summary>
    private protected void TransferImage(AnnotatedImage image, string target)
    {
        if (Options.Images != ImageTransfer.Copy || image.ImagePath is null)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(image.ImagePath, target, overwrite: false);
    }

    private bool AcceptsAnswer(AnnotatedImage image)
    {
        if (image.Answer == ImageAnswer.Skipped && !Holds.HasFlag(DatasetFeature.SkippedImages))
        {
            Losses.Add(DatasetFeature.SkippedImages, image.FileName, image.SkippedReason);
            return false;
        }
        if (image.Answer == ImageAnswer.NotAnnotated && !Holds.HasFlag(DatasetFeature.UnansweredImages))
        {
            Losses.Add(DatasetFeature.UnansweredImages, image.FileName);
            return false;
        }
        if (image.Answer == ImageAnswer.NoDefect && !Holds.HasFlag(DatasetFeature.NoDefectImages))
            Losses.Add(DatasetFeature.NoDefectImages, image.FileName);
        if (image.Size is null && !image.Annotations.IsEmpty && !Holds.HasFlag(DatasetFeature.UnknownSizes))
        {
            Losses.Add(DatasetFeature.UnknownSizes, image.FileName);
            return false;
        }
        return true;
    }
}
