using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Collect;
using Perenne.Hub.Collect.Ingest;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Collect.Uploads;

/// <summary>Puts the pieces together and takes the file in like any other. Asking again gives the same verdict and no second arrival.</summary>
internal static class FinishUpload
{
    internal sealed class Handler(HubDbContext db, OwnUploads own, Staging staging, IBlobStore blobs, Intake intake, ZipIntake zip)
    {
        public async Task<Result<UploadState>> HandleAsync(IntakeTarget target, Guid id, CancellationToken cancel)
        {
            Result<Upload> found = await own.FindAsync(target.ProjectId, id, cancel);
            if (!found.Succeeded)
                return found.Error;
            Upload upload = found.Value;
            if (upload.Verdict is null)
            {
                if (upload.Offset < upload.Length)
                    return HubError.Conflict("incomplete", $"The hub has {upload.Offset} of {upload.Length} bytes: send the rest first.");
                try
                {
                    upload.Verdict = JsonSerializer.Serialize(await TakeAsync(upload, target, cancel));
                }
                catch (StorageFullException error)
                {
                    return new HubError("storage-full", StatusCodes.Status507InsufficientStorage, error.Message);
                }
                catch (Exception error) when (error is PieceMissingException or DbUpdateException)
                {
                    return HubError.Conflict("finishing", "Somebody else is finishing this upload right now. Ask again in a moment.");
                }

                await db.SaveChangesAsync(cancel);
            }

            await UploadPieces.DeleteAsync(blobs, upload, cancel);
            return upload.ToState();
        }

        private async Task<IntakeAnswer> TakeAsync(Upload upload, IntakeTarget target, CancellationToken cancel)
        {
            AnnouncedFile announced = JsonSerializer.Deserialize<AnnouncedFile>(upload.Facts)!;
            ArrivalFacts facts = announced.Facts with { DeliveryKey = $"upload:{upload.Id:n}" };
            await using PiecesStream pieces = new(blobs, UploadPieces.KeysOf(upload));
            using StagedFile file = await staging.WriteAsync(pieces, cancel);
            if (announced.Hash is { } hash && hash != file.Hash)
                return IntakeAnswer.Of([new(facts.FileName, FileOutcome.Refused, null, file.Hash, "The bytes that arrived are not those that were announced: the file changed while it was sent. Send it again.")]);
            return Path.GetExtension(facts.FileName).Equals(".zip", StringComparison.OrdinalIgnoreCase)
                ? await zip.TakeAsync(file, target, facts, cancel)
                : IntakeAnswer.Of([await intake.TakeAsync(file, target, facts, cancel)]);
        }
    }

    public static void Map(IEndpointRouteBuilder uploads) =>
        uploads.MapPost("/{upload:guid}/finish", async (HttpContext http, Guid upload, CurrentAccess access, Handler handler, CancellationToken cancel) =>
                (await handler.HandleAsync(AddImages.TargetOf(http, access), upload, cancel)).ToOk())
            .Requires(HubAction.ImagesAdd).Produces<UploadState>().WithName("FinishUpload").WithSummary("All bytes are there: take the file in and answer the verdict.");
}
