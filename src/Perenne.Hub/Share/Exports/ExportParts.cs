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

    /// <summary>An empty part in the staging area; images go to the disk as they are added.</summary>
    public OpenPart Begin() => new(staging.NewPath());

    /// <summary>Stores the part under its number and deletes its file.</summary>
    public async Task KeepAsync(Export export, int number, OpenPart part, CancellationToken cancel)
    {
        await part.CloseAsync();
        // A part of the same number from before a crash may be there: it holds what was read then.
        await blobs.DeleteAsync(KeyOf(export, number), cancel);
        await blobs.PutAsync(KeyOf(export, number), part.Path, cancel);
        await part.DisposeAsync();
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

/// <summary>A part being written: one image a line, compressed.</summary>
internal sealed class OpenPart : IAsyncDisposable
{
    private readonly GZipStream zip;

    public OpenPart(string path) => (Path, zip) = (path, new(new FileStream(path, FileMode.CreateNew), CompressionLevel.Fastest));

    public string Path { get; }

    public int Images { get; private set; }

    public async Task AddAsync(ExportedImage image, CancellationToken cancel)
    {
        await JsonSerializer.SerializeAsync(zip, image, AnnotationJson.Options, cancel);
        zip.WriteByte((byte)'\n');
        Images++;
    }

    public ValueTask CloseAsync() => zip.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await zip.DisposeAsync();
        File.Delete(Path);
    }
}
