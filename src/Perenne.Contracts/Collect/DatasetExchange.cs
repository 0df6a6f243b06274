using Perenne.Contracts.Annotation;

namespace Perenne.Contracts.Collect;

/// <summary>Annotations that come with a data set, for images that are there already.</summary>
/// <param name="Items">At most 1,000.</param>
public sealed record AnnotationImport(IReadOnlyList<ImportedAnnotation> Items);

/// <summary>One image's annotations.</summary>
/// <param name="Hash">SHA-256 of the image's file, hexadecimal.</param>
/// <param name="Document">What is annotated on it.</param>
public sealed record ImportedAnnotation(string Hash, AnnotationDocument Document);

/// <summary>What became of an <see cref="AnnotationImport"/>.</summary>
/// <param name="Added">Images whose annotations are new.</param>
/// <param name="Changed">Images whose imported annotations got a new revision.</param>
/// <param name="Unchanged">Images that had these very annotations.</param>
/// <param name="Refused">A sentence for each image that was left out.</param>
public sealed record AnnotationImportAnswer(int Added, int Changed, int Unchanged, IReadOnlyList<string> Refused);

/// <summary>One line of an export: an image and its newest annotations.</summary>
/// <param name="Id">The image.</param>
/// <param name="Organization">Slug of its organization.</param>
/// <param name="FileName">As it arrived.</param>
/// <param name="Hash">SHA-256 of the file.</param>
/// <param name="Width">Upright width in pixels.</param>
/// <param name="Height">Upright height in pixels.</param>
/// <param name="Path">Path in the data set it was imported from; null for other images.</param>
/// <param name="Split">Split in that data set, or null.</param>
/// <param name="Group">Group key, or null.</param>
/// <param name="Document">Null: not annotated.</param>
public sealed record ExportedImage(
    Guid Id, string Organization, string FileName, string Hash, int Width, int Height, string? Path, string? Split, string? Group, AnnotationDocument? Document);
