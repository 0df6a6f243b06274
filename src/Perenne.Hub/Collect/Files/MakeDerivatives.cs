using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect.Ingest;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Work;
using Perenne.Imaging;

namespace Perenne.Hub.Collect.Files;

/// <summary>Thumbnail and tile pack of an image, in one pass over its pixels. Runs in the background, or at once when somebody looks before.</summary>
internal sealed class MakeDerivatives(HubDbContext db, IBlobStore blobs, Staging staging, DecodeSlots slots, DerivativeTurns turns) : IWorkHandler
{
    public const int ThumbnailSide = 320;

    public string Kind => WorkKinds.Derivatives;

    public async Task<TimeSpan?> RunAsync(WorkItem item, CancellationToken cancel)
    {
        var image = await db.Set<Image>().Where(i => i.Id == item.SubjectId).Select(i => new { i.OrganizationId, i.ContentHash }).SingleOrDefaultAsync(cancel);
        if (image is not null)
            await MakeAsync(image.OrganizationId, image.ContentHash, cancel);
        return null;
    }

    /// <summary>Idempotent: the same content gives the same blobs. Whoever comes while they are being made waits for them.</summary>
    public async Task MakeAsync(Guid organization, string hash, CancellationToken cancel)
    {
        using DerivativeTurns.Turn turn = await turns.TakeAsync(hash, cancel);
        if (!await blobs.ExistsAsync(new(organization, BlobKind.Tiles, hash), cancel) || !await blobs.ExistsAsync(new(organization, BlobKind.Thumbnail, hash), cancel))
            await WriteAsync(organization, hash, cancel);
    }

    private async Task WriteAsync(Guid organization, string hash, CancellationToken cancel)
    {
        string original = staging.NewPath(), tiles = staging.NewPath(), thumbnail = staging.NewPath();
        try
        {
            await using (Stream from = await blobs.OpenAsync(new(organization, BlobKind.Original, hash), cancel)
                ?? throw new FileNotFoundException($"The original {hash} is missing from the blob store."))
            await using (FileStream to = File.Create(original))
                await from.CopyToAsync(to, cancel);

            using (ImageSource source = ImageSource.FromFile(original))
            {
                ImageFacts facts = ImageProbe.Probe(source).Facts ?? throw new InvalidDataException($"The original {hash} is no longer readable.");
                ImageRefusal? refusal = await slots.RunAsync(facts.Pixels, () => Write(source, facts, tiles, thumbnail), cancel);
                if (refusal is not null)
                    throw new InvalidDataException(refusal.Sentence);
            }

            await blobs.PutAsync(new(organization, BlobKind.Thumbnail, hash), thumbnail, cancel);
            await blobs.PutAsync(new(organization, BlobKind.Tiles, hash), tiles, cancel); // Last: its presence says both are there.
        }
        finally
        {
            File.Delete(original);
            File.Delete(tiles);
            File.Delete(thumbnail);
        }
    }

    private static ImageRefusal? Write(ImageSource source, ImageFacts facts, string tiles, string thumbnail)
    {
        using FileStream pack = File.Create(tiles), small = File.Create(thumbnail);
        return Derivatives.Write(source, facts, pack, (ThumbnailSide, small));
    }
}

/// <summary>
/// One at a time decodes the same picture: the background and a viewer often come together. Pictures share a fixed number of turns by their
/// content hash, so two pictures seldom wait for each other and nothing is ever to be removed.
/// </summary>
internal sealed class DerivativeTurns : IDisposable
{
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(1, 1))];

    /// <param name="hash">Of the content, in hexadecimal digits.</param>
    public async Task<Turn> TakeAsync(string hash, CancellationToken cancel)
    {
        SemaphoreSlim turn = turns[Convert.ToByte(hash[..2], 16)];
        await turn.WaitAsync(cancel);
        return new(turn);
    }

    public void Dispose() => Array.ForEach(turns, turn => turn.Dispose());

    internal readonly struct Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
