using System.Collections.Immutable;

namespace Perenne.Formats;

/// <summary>
/// Writes one data set image by image in bounded memory. The same images in the same order give the same bytes.
/// Create it through <see cref="DatasetFormats.CreateWriter"/>; nothing is complete before <see cref="CompleteAsync"/>.
/// </summary>
public abstract class DatasetWriter : IAsyncDisposable
{
    private readonly ShapeFitter _fitter;
    private readonly HashSet<string> _used = [];

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
        AnnotatedImage fitted = image with { FileName = name, Annotations = _fitter.Fit(image, HoldsLabel) };
        if (!AcceptsEmptied(image, fitted))
            return;
        CountFacts(fitted);
        foreach (AnnotationRecord annotation in fitted.Annotations)
            Count(annotation, fitted);
        ImageCount++;
        AnnotationCount += fitted.Annotations.Length;
        await WriteImageAsync(fitted, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finishes the files. Call once, after the last image.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        foreach ((int index, LabelClass label) in Header.Classes.Index())
            CountClass(label, index);
        await CompleteFilesAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the files; without <see cref="CompleteAsync"/> they are not a data set.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected abstract Task WriteImageAsync(AnnotatedImage image, CancellationToken cancellationToken);

    private protected abstract Task CompleteFilesAsync(CancellationToken cancellationToken);

    /// <summary>Whether the format has a place for annotations of this class.</summary>
    private protected virtual bool HoldsLabel(string label) => true;

    /// <summary>Whether the class is written under the id it came with.</summary>
    private protected virtual bool HoldsClassId(LabelClass label, int index) => Holds.HasFlag(DatasetFeature.ClassIds);

    /// <summary>Whether readers will give this fact back.</summary>
    private protected virtual bool HoldsFact(AnnotatedImage image, string name, string value) => Holds.HasFlag(DatasetFeature.ImageMetadata);

    /// <summary>Whether readers will tell this kind of attribute from text.</summary>
    private protected virtual bool HoldsKind(AttributeKind kind) => kind == AttributeKind.Text || Holds.HasFlag(DatasetFeature.AttributeKinds);

    /// <summary>Whether readers will know the split.</summary>
    private protected virtual bool HoldsSplit(string split) => Holds.HasFlag(DatasetFeature.OtherSplits) || split is "train" or "val" or "test";

    private void CountFacts(AnnotatedImage image)
    {
        void Check(bool isLost, DatasetFeature feature, string? detail)
        {
            if (isLost)
                Losses.Add(feature, image.FileName, detail);
        }
        bool splits = Holds.HasFlag(DatasetFeature.Splits);
        Check(image.Split is not null && !splits, DatasetFeature.Splits, image.Split);
        Check(image.Split is { } split && splits && !HoldsSplit(split), DatasetFeature.OtherSplits, image.Split);
        Check(image.Split is null && splits && !Holds.HasFlag(DatasetFeature.ImagesInNoSplit), DatasetFeature.ImagesInNoSplit, null);
        Check(image.SkippedReason is not null && !Holds.HasFlag(DatasetFeature.SkippedReasons), DatasetFeature.SkippedReasons, image.SkippedReason);
        bool fileTells = Options.Images == ImageTransfer.Copy && image.ImagePath is not null;
        Check(image.Size is not null && !fileTells && !Holds.HasFlag(DatasetFeature.ImageSizes), DatasetFeature.ImageSizes, null);
        foreach ((string name, string value) in image.Metadata)
            Check(!HoldsFact(image, name, value), DatasetFeature.ImageMetadata, name);
    }

    private void Count(AnnotationRecord annotation, AnnotatedImage image)
    {
        if (annotation.Label is not null)
            _used.Add(annotation.Label);
        if (Holds.HasFlag(DatasetFeature.Attributes) && annotation.Attributes.FirstOrDefault(a => !HoldsKind(a.Kind)) is { } attribute)
            Losses.Add(DatasetFeature.AttributeKinds, image.FileName, attribute.Name);
        if (annotation.Shape is null && !annotation.Attributes.IsEmpty && Holds.HasFlag(DatasetFeature.Attributes) && !Holds.HasFlag(DatasetFeature.WholeImageAttributes))
            Losses.Add(DatasetFeature.WholeImageAttributes, image.FileName, annotation.Label);
    }

    private void CountClass(LabelClass label, int index)
    {
        void Check(bool isLost, DatasetFeature feature, string? detail)
        {
            if (isLost)
                Losses.Add(feature, label.Name, detail);
        }
        Check(!_used.Contains(label.Name) && !(Holds.HasFlag(DatasetFeature.UnusedClasses) && HoldsLabel(label.Name)), DatasetFeature.UnusedClasses, null);
        Check(label.SourceId is not null && !HoldsClassId(label, index), DatasetFeature.ClassIds, $"{label.SourceId}");
        Check(label.Color is not null && !Holds.HasFlag(DatasetFeature.ClassColors), DatasetFeature.ClassColors, label.Color);
        Check(label.Parent is not null && !Holds.HasFlag(DatasetFeature.ClassParents), DatasetFeature.ClassParents, label.Parent);
        foreach (LabelAttribute attribute in label.Attributes)
            Check(!Holds.HasFlag(DatasetFeature.ClassAttributes), DatasetFeature.ClassAttributes, attribute.Name);
    }

    // An image of defects that nothing is left of must never read as an image without defect.
    private bool AcceptsEmptied(AnnotatedImage image, AnnotatedImage fitted)
    {
        if (image.Answer != ImageAnswer.Annotated || !fitted.Annotations.IsEmpty)
            return true;
        Losses.Add(DatasetFeature.EmptiedImages, image.FileName);
        return Holds.HasFlag(DatasetFeature.UnansweredImages);
    }

    /// <summary>Copies the image to its place below the data set where that is asked for and the file was found.</summary>
    private protected void TransferImage(AnnotatedImage image, string target)
    {
        if (Options.Place is { } place)
        {
            place(image, target);
            return;
        }

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
