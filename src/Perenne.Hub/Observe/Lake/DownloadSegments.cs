using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Observe;

/// <param name="IsDay">True: several segments in one file, with the columns <c>station_id</c> and <c>segment</c>.</param>
internal sealed record ListedFile(Guid Id, bool IsDay, Guid? StationId, long? Number, string Sha256, long Bytes, int Rows, DateTimeOffset FirstAt, DateTimeOffset LastAt);

/// <summary>The Parquet files of an organization for tools elsewhere: list them, fetch what is new.</summary>
internal sealed class DownloadSegments(HubDbContext db, IBlobStore blobs)
{
    public async Task<IReadOnlyList<ListedFile>> ListAsync(Guid organization, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancel)
    {
        List<ListedFile> days = await db.Set<LakeDay>().Where(d => d.OrganizationId == organization && d.DroppedAt == null && (from == null || d.LastAt >= from) && (to == null || d.FirstAt <= to))
            .OrderBy(d => d.FirstAt).Select(d => new ListedFile(d.Id, true, null, null, d.Sha256, d.Bytes, d.Rows, d.FirstAt, d.LastAt)).ToListAsync(cancel);
        List<ListedFile> loose = await db.Set<Segment>()
            .Where(s => s.OrganizationId == organization && s.DayId == null && s.DroppedAt == null && (from == null || s.LastAt >= from) && (to == null || s.FirstAt <= to))
            .OrderBy(s => s.FirstAt).Select(s => new ListedFile(s.Id, false, s.StationId, s.Number, s.Sha256, s.Bytes, s.Rows, s.FirstAt, s.LastAt)).ToListAsync(cancel);
        return [.. days, .. loose];
    }

    public async Task<Stream?> OpenAsync(Guid organization, Guid file, CancellationToken cancel)
    {
        string? hash = await db.Set<LakeDay>().Where(d => d.Id == file && d.OrganizationId == organization && d.DroppedAt == null).Select(d => d.Sha256).SingleOrDefaultAsync(cancel)
            ?? await db.Set<Segment>().Where(s => s.Id == file && s.OrganizationId == organization && s.DayId == null && s.DroppedAt == null).Select(s => s.Sha256).SingleOrDefaultAsync(cancel);
        return hash is null ? null : await blobs.OpenAsync(new(organization, BlobKind.Observations, hash), cancel);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/organizations/{organization}/observations/files", async (DownloadSegments handler, HttpContext http, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancel) =>
                TypedResults.Ok(await handler.ListAsync(http.OrganizationId(), from, to, cancel)))
            .Requires(HubAction.ObservationsRead).WithTags("Observations").WithName("ListObservationFiles")
            .WithSummary("The Parquet files that hold an organization's observations.");
        routes.MapGet("/api/v1/organizations/{organization}/observations/files/{file:guid}", async (Guid file, DownloadSegments handler, HttpContext http, CancellationToken cancel) =>
                await handler.OpenAsync(http.OrganizationId(), file, cancel) is { } content
                    ? TypedResults.Stream(content, "application/vnd.apache.parquet", $"{file:n}.parquet", enableRangeProcessing: content.CanSeek)
                    : HubError.NotFound("This file").ToProblem())
            .Requires(HubAction.ObservationsRead).Produces(200, contentType: "application/vnd.apache.parquet").WithTags("Observations").WithName("DownloadObservationFile")
            .WithSummary("One Parquet file of observations.");
    }
}
