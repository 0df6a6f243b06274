using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Perenne.Contracts.Annotation;
using Perenne.Contracts.Collect;
using Perenne.Hub.Shared.Blobs;

namespace Perenne.Hub.Share.Exports;

/// <summary>What an export has read, as blobs of a few thousand images each: any hub process can go on with them.</summary>
internal sealed class ExportParts(IBlobStore blobs, Staging staging)
{
    public const int ImagesPerPart = 6000;

    public async Task WriteAsync(Export export, int number, IEnumerable<ExportedImage> images, CancellationToken cancel)
    {
        string file = staging.NewPath();
        try
        {
            await using (GZipStream zip = new(new FileStream(file, FileMode.CreateNew), CompressionLevel.Fastest))
            {
                foreach (ExportedImage image in images)
                {
                    await JsonSerializer.SerializeAsync(zip, image, AnnotationJson.Options, cancel);
                    zip.WriteByte((byte)'\n');
                }
            }

            // A part of the same number from before a crash may be there: it holds what was read then.
            await blobs.DeleteAsync(KeyOf(export, number), cancel);
            await blobs.PutAsync(KeyOf(export, number), file, cancel);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public async IAsyncEnumerable<ExportedImage> ReadAsync(Export export, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (int number = 0; number < export.Parts; number++)
        {
            Stream part = await blobs.OpenAsync(KeyOf(export, number), cancel) ?? throw new FileNotFoundException($"Part {number} of the export {export.Id} is missing from the blob store.");
            await using GZipStream zip = new(part, CompressionMode.Decompress);
            using StreamReader lines = new(zip);
            while (await lines.ReadLineAsync(cancel) is { } line)
                yield return JsonSerializer.Deserialize<ExportedImage>(line, AnnotationJson.Options)!;
        }
    }

    /// <summary>One more than counted: a part may have been stored whose count was not.</summary>
    public async Task RemoveAsync(Export export, CancellationToken cancel)
    {
        for (int number = 0; number <= export.Parts; number++)
            await blobs.DeleteAsync(KeyOf(export, number), cancel);
    }

    private static BlobKey KeyOf(Export export, int number) =>
        new(export.OrganizationId, BlobKind.ExportPart, Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{export.Id:n}/{number}"))));
}
