using System.Globalization;
using System.IO.Compression;
using System.Text;
using Perenne.Formats;
using Perenne.Hub.Shared.Blobs;

namespace Perenne.Hub.Share.Exports;

/// <summary>An image file of the archive: which blob, and where the format expects it.</summary>
internal sealed record PlacedImage(string Organization, string Hash, string Entry);

/// <summary>The data set's folder as one zip. Entries in a fixed order and with a fixed date: the same data set is the same bytes.</summary>
internal sealed class ExportArchive(IBlobStore blobs)
{
    public const string ReportName = "export-report.txt";

    private static readonly DateTimeOffset FixedDate = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="images">Files to add besides, read once; bytes go from the store into the archive without touching the disk in between.</param>
    public async Task WriteAsync(string folder, string report, IEnumerable<PlacedImage> images, IReadOnlyDictionary<string, Guid> organizations, string target, CancellationToken cancel)
    {
        await using FileStream file = new(target, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        using ZipArchive zip = new(file, ZipArchiveMode.Create);
        await using (Stream entry = Open(zip, ReportName, CompressionLevel.Fastest))
            await entry.WriteAsync(Encoding.UTF8.GetBytes(report), cancel);
        string[] names = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        Array.Sort(names, StringComparer.Ordinal);
        foreach (string name in names)
        {
            await using FileStream from = File.OpenRead(name);
            await using Stream entry = Open(zip, Path.GetRelativePath(folder, name).Replace('\\', '/'), CompressionLevel.Fastest);
            await from.CopyToAsync(entry, cancel);
        }

        foreach (PlacedImage image in images)
        {
            await using Stream from = await blobs.OpenAsync(new(organizations[image.Organization], BlobKind.Original, image.Hash), cancel)
                ?? throw new FileNotFoundException($"The image {image.Entry} ({image.Hash}) is missing from the blob store.");
            await using Stream entry = Open(zip, image.Entry, CompressionLevel.NoCompression); // JPEG and PNG do not shrink.
            await from.CopyToAsync(entry, cancel);
        }
    }

    /// <summary>What is in the archive, and what the format could not hold. No date and no id: it is part of the bytes.</summary>
    public static string Report(ExportPlan plan, DatasetWriter writer)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"Format: {plan.Format}\nAnnotations: {(plan.Source == ExportSource.GroundTruth ? "ground truth" : "newest")}\n");
        text.Append(CultureInfo.InvariantCulture, $"Images: {writer.ImageCount}\nMarks: {writer.AnnotationCount}\n\n");
        text.Append(writer.Losses.IsEmpty ? "Everything could be held by this format.\n" : "What this format could not hold:\n");
        foreach (LossEntry loss in writer.Losses.Entries)
            text.Append(CultureInfo.InvariantCulture, $"- {loss.Count} times: {loss.Sentence} (e.g. {string.Join("; ", loss.Examples)})\n");
        return text.ToString();
    }

    private static Stream Open(ZipArchive zip, string name, CompressionLevel level)
    {
        ZipArchiveEntry entry = zip.CreateEntry(name, level);
        entry.LastWriteTime = FixedDate;
        return entry.Open();
    }
}
