using Microsoft.EntityFrameworkCore;
using Perenne.Formats;
using Perenne.Hub.Annotate;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Share.Exports;

/// <param name="Format">A name of the formats: coco, yolo, yolo-obb, yolo-segment, voc, cvat, label-studio, labelbox, deeppcb.</param>
/// <param name="Source">Ground truth only (the default), or the newest annotation of any kind where there is none.</param>
/// <param name="Images">Put the image files into the archive.</param>
/// <param name="Unanswered">Take images too that nobody has answered for.</param>
/// <param name="Organizations">Slugs or ids; null: all of yours.</param>
internal sealed record ExportRequest(string Format, ExportSource Source = ExportSource.GroundTruth, bool Images = false, bool Unanswered = false, Guid? CampaignId = null, string[]? Organizations = null);

internal sealed record ExportView(
    Guid Id, string Format, ExportSource Source, bool Images, ExportState State, long Total, long Read, long Written, long Annotations, string? Hash, long Bytes,
    IReadOnlyList<ExportLoss> Losses, string? Error, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, DateTimeOffset? ExpiresAt);

/// <summary>Asks for exports, lists them, stops them.</summary>
internal sealed class ManageExports(HubDbContext db, CurrentAccess access, WriteTurn turn, WorkQueue queue, IdSource ids, TimeProvider time, IBlobStore blobs, AuditLog audit)
{
    private const int MostListed = 100, MostRunning = 20;

    public async Task<Result<ExportView>> StartAsync(Guid project, ExportRequest request, CancellationToken cancel)
    {
        if (DatasetFormats.All.All(f => f.Name != request.Format))
            return HubError.Invalid("format", $"The format '{request.Format}' is not known. Choose one of {string.Join(", ", DatasetFormats.All.Select(f => f.Name))}.");
        Result<List<Guid>> organizations = await VisibleOrganizations.InAsync(db, project, null, request.Organizations, cancel);
        if (!organizations.Succeeded)
            return organizations.Error;
        if (request.CampaignId is { } campaign && !await db.Set<Campaign>().AnyAsync(c => c.Id == campaign && c.ProjectId == project, cancel))
            return HubError.NotFound("The campaign");
        if (await db.Set<Export>().CountAsync(e => e.ProjectId == project && (e.State == ExportState.Waiting || e.State == ExportState.Reading || e.State == ExportState.Writing), cancel) >= MostRunning)
            return HubError.Conflict("too-many-exports", $"{MostRunning} exports of this project wait or run already. Wait for one to end, or cancel it.");

        Export export = null!;
        await turn.RunAsync(db, async () =>
        {
            Guid[] bounds = [.. organizations.Value.Order()];
            export = new()
            {
                Id = ids.Next(), OrganizationId = bounds[0], ProjectId = project, CreatedAt = time.GetUtcNow(), CreatedBy = access.Actor.Id,
                Plan = new(request.Format, request.Source, request.Images, request.Unanswered, request.CampaignId, bounds),
            };
            db.Add(export);
            audit.Record(export.OrganizationId, "export.started", request.Format, new { export.Id, export.ProjectId, request.Images });
            await db.SaveChangesAsync(cancel);
            await queue.AddAsync(db, export.OrganizationId, WorkKinds.Export, export.Id, cancel);
        }, cancel);
        return View(export);
    }

    public async Task<Result<IReadOnlyList<ExportView>>> ListAsync(Guid project, CancellationToken cancel)
    {
        List<Export> found = await db.Set<Export>().AsNoTracking().Where(e => e.ProjectId == project).OrderByDescending(e => e.Id).Take(MostListed).ToListAsync(cancel);
        return (Result<IReadOnlyList<ExportView>>)found.Where(MaySee).Select(View).ToList();
    }

    public async Task<Result<Export>> FindAsync(Guid project, Guid id, CancellationToken cancel) =>
        await db.Set<Export>().AsNoTracking().SingleOrDefaultAsync(e => e.Id == id && e.ProjectId == project, cancel) is { } export && MaySee(export) ? export : HubError.NotFound("The export");

    /// <summary>Stops it while it runs; removes the file when it is done.</summary>
    public async Task<Result<Done>> CancelAsync(Guid project, Guid id, CancellationToken cancel)
    {
        Result<Export> found = await FindAsync(project, id, cancel);
        if (!found.Succeeded)
            return found.Error;
        DateTimeOffset now = time.GetUtcNow();
        int stopped = await db.Set<Export>().Where(e => e.Id == id && (e.State == ExportState.Waiting || e.State == ExportState.Reading || e.State == ExportState.Writing))
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.State, ExportState.Cancelled).SetProperty(e => e.FinishedAt, now), cancel);
        if (stopped == 0 && found.Value.State == ExportState.Done)
            await RunExport.RemoveFileAsync(db, blobs, found.Value, cancel);
        return new Done();
    }

    internal static ExportView View(Export e) => new(
        e.Id, e.Plan.Format, e.Plan.Source, e.Plan.WithImages, e.State, e.Total, e.Read, e.Written, e.Annotations, e.Hash, e.Bytes, e.Losses, e.Error, e.CreatedAt, e.FinishedAt, e.ExpiresAt);

    // It holds data of all its organizations, so seeing one of them is not enough.
    private bool MaySee(Export export) => access.Scope.Everything || export.Plan.Organizations.All(access.Scope.Organizations.Contains);
}
