using DuckDB.NET.Data;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Stations;
using Perenne.Hub.Deploy;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Observe;

/// <param name="Number">Of the segment at its station.</param>
/// <param name="Sha256">Of the bytes that are kept.</param>
internal sealed record SegmentTaken(long Number, string Sha256, int Rows);

/// <summary>
/// Takes a segment exactly once: the bytes are checked, kept as a blob, and only then recorded in one row. The same bytes again are a
/// success, other bytes under the same number a conflict; a crash between leaves at worst a blob that the repetition uses.
/// </summary>
internal sealed class ReceiveSegment(HubDbContext db, CurrentStation current, Staging staging, IBlobStore blobs, Lake lake, WatchDeployments watch, IdSource ids, TimeProvider time)
{
    public const int MaxBytes = 64 << 20;

    public async Task<Result<SegmentTaken>> HandleAsync(long number, string? promised, Stream body, CancellationToken cancel)
    {
        Result<Station> station = await current.FindAsync(cancel);
        if (!station.Succeeded)
            return station.Error;
        if (number < 1)
            return HubError.Invalid("number", "Segments are numbered from 1.");
        try
        {
            using StagedFile file = await staging.WriteAsync(body, cancel);
            if (promised is { Length: > 0 } && !promised.Equals(file.Hash, StringComparison.OrdinalIgnoreCase))
                return new HubError("damaged", StatusCodes.Status412PreconditionFailed, $"The body was damaged on the way: its SHA-256 is {file.Hash}, not {promised}. Send it again.");
            if (await KnownAsync(station.Value.Id, number, file.Hash, cancel) is { } known)
                return known;
            return await TakeAsync(station.Value, number, file, cancel);
        }
        catch (StorageFullException error)
        {
            return new HubError("storage-full", StatusCodes.Status507InsufficientStorage, error.Message);
        }
    }

    private async Task<Result<SegmentTaken>> TakeAsync(Station station, long number, StagedFile file, CancellationToken cancel)
    {
        await using DuckDBConnection duck = await Duck.OpenAsync(cancel);
        List<string> faults = await SegmentCheck.OpenAsync(duck, file.Path, cancel);
        SegmentFacts? facts = null;
        if (faults.Count == 0)
            (faults, facts) = await SegmentCheck.RowsAsync(duck, cancel);
        if (facts is null)
            return new InvalidInput(new Dictionary<string, string[]> { ["segment"] = [.. faults] });
        Segment segment = SegmentOf(station, number, file, facts, await SegmentFigures.CountAsync(duck, cancel));
        await blobs.PutAsync(new(station.OrganizationId, BlobKind.Observations, file.Hash), file.Path, cancel);
        db.Add(segment);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            db.ChangeTracker.Clear();
            return await KnownAsync(station.Id, number, file.Hash, cancel) ?? throw new InvalidOperationException($"Segment {number} of {station.Id} is there and is not.", e);
        }

        await lake.EnsureAsync(segment, cancel);
        await watch.AfterArrivalAsync(station.OrganizationId, segment.Figures.Select(f => f.ProjectId).OfType<Guid>().Distinct(), cancel);
        return new SegmentTaken(number, file.Hash, facts.Rows);
    }

    private Segment SegmentOf(Station station, long number, StagedFile file, SegmentFacts facts, Dictionary<SegmentFigures.Key, SegmentFigures.Tally> tallies)
    {
        Guid id = ids.Next();
        return new()
        {
            Id = id, OrganizationId = station.OrganizationId, StationId = station.Id, Number = number, Sha256 = file.Hash, Bytes = file.Bytes, Rows = facts.Rows,
            FirstSequence = facts.FirstSequence, LastSequence = facts.LastSequence, FirstAt = facts.FirstAt, LastAt = facts.LastAt, ReceivedAt = time.GetUtcNow(),
            Figures = [.. tallies.Select(pair => new SegmentFigure
            {
                Id = ids.Next(), OrganizationId = station.OrganizationId, SegmentId = id, StationId = station.Id, ProjectId = pair.Key.Project, DeploymentId = pair.Key.Deployment,
                ModelVersionId = pair.Key.Model, Role = pair.Key.Role, Hour = pair.Key.Hour, Frames = pair.Value.Frames, NotOk = pair.Value.NotOk, CannotJudge = pair.Value.CannotJudge,
                Errors = pair.Value.Errors, Compared = pair.Value.Compared, Disagreed = pair.Value.Disagreed, Latency = new(pair.Value.Latency),
            })],
        };
    }

    private async Task<Result<SegmentTaken>?> KnownAsync(Guid station, long number, string hash, CancellationToken cancel)
    {
        var known = await db.Set<Segment>().Where(s => s.StationId == station && s.Number == number).Select(s => new { s.Sha256, s.Rows }).SingleOrDefaultAsync(cancel);
        if (known is null)
            return null;
        return known.Sha256 == hash ? new SegmentTaken(number, hash, known.Rows)
            : HubError.Conflict("segment-differs", $"Segment {number} of this station was taken with other bytes (SHA-256 {known.Sha256}). Its number cannot be used twice: look at the station's spool.");
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/station/v1/segments/{number:long}", async (long number, ReceiveSegment handler, HttpContext http, CancellationToken cancel) =>
            (await handler.HandleAsync(number, http.Request.Headers[StationHeaders.Sha256].ToString(), http.Request.Body, cancel)).ToOk())
        .WithMetadata(new RequestSizeLimitAttribute(MaxBytes)).Requires(HubAction.StationReport).Produces<SegmentTaken>().WithTags("Station").WithName("PutSegment")
        .WithSummary("Deliver a segment of observations (Parquet); repeating it is harmless, other bytes under the same number are refused.");
}
