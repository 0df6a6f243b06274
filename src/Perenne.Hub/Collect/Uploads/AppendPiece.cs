using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Collect;
using Perenne.Hub.Collect.Ingest;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Collect.Uploads;

/// <summary>
/// Takes the bytes at an offset. A piece counts when it is whole: the blob is stored first, then the offset moves, so a crash between
/// leaves a blob that the same piece sent again turns out to be.
/// </summary>
internal static class AppendPiece
{
    public const long MaxBytes = 64 << 20;

    /// <summary>Except for the last one; bounds the number of blobs.</summary>
    public const long MinBytes = 256 << 10;

    internal sealed class Handler(HubDbContext db, OwnUploads own, Staging staging, IBlobStore blobs, TimeProvider time)
    {
        public async Task<Result<UploadState>> HandleAsync(Guid project, Guid id, long offset, Stream body, CancellationToken cancel)
        {
            Result<Upload> found = await own.FindAsync(project, id, cancel);
            if (!found.Succeeded)
                return found.Error;
            Upload upload = found.Value;
            if (upload.Verdict is not null || offset != upload.Offset)
                return Moved(upload);
            try
            {
                using StagedFile piece = await staging.WriteAsync(new LimitedStream(body, Math.Min(MaxBytes, upload.Length - offset)), cancel);
                if (piece.Bytes == 0 || (piece.Bytes < MinBytes && offset + piece.Bytes < upload.Length))
                    return HubError.Invalid("body", $"A piece has at least {MinBytes >> 10} KB, except for the last one.");
                await blobs.PutAsync(UploadPieces.KeyOf(upload, offset, offset + piece.Bytes), piece.Path, cancel);
                upload.Pieces.Add(offset);
                upload.Offset += piece.Bytes;
                upload.ExpiresAt = time.GetUtcNow() + StartUpload.Lifetime;
                await db.SaveChangesAsync(cancel);
                return upload.ToState();
            }
            catch (InvalidDataException)
            {
                return new HubError("piece-too-large", StatusCodes.Status413PayloadTooLarge, $"The piece is longer than what is missing ({upload.Length - offset} bytes) or than {MaxBytes >> 20} MB. Send a shorter one.");
            }
            catch (DbUpdateConcurrencyException)
            {
                db.ChangeTracker.Clear();
                Result<Upload> now = await own.FindAsync(project, id, cancel);
                return now.Succeeded ? Moved(now.Value) : now.Error;
            }
            catch (StorageFullException error)
            {
                return new HubError("storage-full", StatusCodes.Status507InsufficientStorage, error.Message);
            }
        }

        private static HubError Moved(Upload upload) => HubError.Conflict("other-offset", upload.Verdict is null
            ? $"The hub has {upload.Offset} bytes of this file: go on from there."
            : "This upload is finished; ask for its verdict.");
    }

    public static void Map(IEndpointRouteBuilder uploads) =>
        uploads.MapPatch("/{upload:guid}", async (HttpContext http, Guid upload, Handler handler, CancellationToken cancel) =>
            {
                if (!long.TryParse(http.Request.Headers["Upload-Offset"], NumberStyles.None, CultureInfo.InvariantCulture, out long offset))
                    return HubError.Invalid("Upload-Offset", "Name in the header 'Upload-Offset' where the piece starts; GET tells it.").ToProblem();
                Result<UploadState> result = await handler.HandleAsync(http.ProjectId(), upload, offset, http.Request.Body, cancel);
                if (result.Succeeded)
                    http.Response.Headers["Upload-Offset"] = result.Value.Offset.ToString(CultureInfo.InvariantCulture);
                return result.ToOk();
            })
            .WithMetadata(new RequestSizeLimitAttribute(MaxBytes + 1))
            .Requires(HubAction.ImagesAdd).Produces<UploadState>().WithName("AppendPiece").WithSummary("Send the bytes that start at 'Upload-Offset'.");
}
