using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Perenne.Contracts.Collect;
using Perenne.Formats;
using Perenne.Hub.Annotate;
using Perenne.Hub.Collect;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Share.Exports;

/// <summary>
/// The life of an export in the background: reads parts, writes the archive, and comes back when it expires. Every step leaves the row in a
/// state from which another process goes on.
/// </summary>
internal sealed class RunExport(HubDbContext db, ExportRows rows, ExportParts parts, WriteDataset write, IBlobStore blobs, TimeProvider time, IOptions<HubOptions> options) : IWorkHandler
{
    public string Kind => WorkKinds.Export;

    public WorkLane Lane => WorkLane.Long;

    public async Task<TimeSpan?> RunAsync(WorkItem item, CancellationToken cancel)
    {
        Export? export = await db.Set<Export>().AsNoTracking().SingleOrDefaultAsync(e => e.Id == item.SubjectId, cancel);
        if (export is null or { State: ExportState.Expired })
            return null;
        if (export is { State: ExportState.Done, ExpiresAt: { } until })
            return await KeepAsync(export, until, cancel);
        if (!export.IsRunning)
        {
            await parts.RemoveAsync(export, cancel);
            return null;
        }

        try
        {
            if (!await ReadAsync(export, cancel) || !await WriteAsync(export, cancel))
                await parts.RemoveAsync(export, cancel); // Cancelled meanwhile.
        }
        catch (Exception error) when (error is DatasetFormatException or StorageFullException || (error is not OperationCanceledException && item.Attempts >= WorkQueue.MaxAttempts))
        {
            await FailAsync(export, error.Message, cancel);
            return null;
        }

        return export.ExpiresAt is { } end ? end - time.GetUtcNow() : null;
    }

    /// <returns>False: cancelled.</returns>
    private async Task<bool> ReadAsync(Export export, CancellationToken cancel)
    {
        if (export.State == ExportState.Writing)
            return true;
        List<(Guid Id, string Slug)> organizations = [.. (await db.Set<Organization>().Where(o => export.Plan.Organizations.Contains(o.Id)).Select(o => new { o.Id, o.Slug }).ToListAsync(cancel))
            .OrderBy(o => o.Slug, StringComparer.Ordinal).Select(o => (o.Id, o.Slug))];
        if (export.State == ExportState.Waiting)
        {
            foreach ((Guid id, _) in organizations)
                export.Total += await Images(export, id).LongCountAsync(cancel);
            export.State = ExportState.Reading;
        }

        OpenPart part = parts.Begin();
        try
        {
            HashSet<string> labels = [.. export.Labels];
            for (; export.OrganizationNumber < organizations.Count; export.OrganizationNumber++, export.LastImage = Guid.Empty)
            {
                (Guid organization, string slug) = organizations[export.OrganizationNumber];
                while (await rows.PageAsync(Images(export, organization), slug, export.Plan.Source, export.LastImage, cancel) is { } page)
                {
                    export.LastImage = page.Last;
                    export.Read += page.Images.Count;
                    foreach (ExportedImage image in page.Images.Where(i => i.Document is not null || export.Plan.WithUnanswered))
                    {
                        await part.AddAsync(image, cancel);
                        if (image.Document is { } document)
                            labels.UnionWith(document.Shapes.Select(s => s.Label).Concat(document.Tags).Concat(document.Values.Keys));
                    }

                    if (part.Images < ExportParts.ImagesPerPart)
                        continue;
                    if (!await KeepPartAsync(export, part, labels, cancel))
                        return false;
                    part = parts.Begin();
                }
            }

            if (part.Images > 0 && !await KeepPartAsync(export, part, labels, cancel))
                return false;
        }
        finally
        {
            await part.DisposeAsync();
        }

        export.State = ExportState.Writing;
        return await SaveAsync(export, cancel);
    }

    private async Task<bool> KeepPartAsync(Export export, OpenPart part, HashSet<string> labels, CancellationToken cancel)
    {
        await parts.KeepAsync(export, export.Parts, part, cancel);
        export.Parts++;
        export.Labels = [.. labels.Order(StringComparer.Ordinal)];
        return await SaveAsync(export, cancel);
    }

    private async Task<bool> WriteAsync(Export export, CancellationToken cancel)
    {
        using CancellationTokenSource stopped = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        WrittenArchive done;
        try
        {
            done = await write.HandleAsync(export, async written =>
            {
                export.Written = written;
                if (!await SaveAsync(export, cancel))
                    await stopped.CancelAsync();
            }, stopped.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }

        (export.Hash, export.Bytes, export.Written, export.Annotations, export.Losses) = (done.Hash, done.Bytes, done.Images, done.Annotations, done.Losses);
        export.FinishedAt = time.GetUtcNow();
        export.ExpiresAt = export.FinishedAt + TimeSpan.FromDays(options.Value.Exports.KeepDays);
        export.State = ExportState.Done;
        bool saved = await SaveAsync(export, cancel);
        await parts.RemoveAsync(export, cancel);
        if (!saved)
            await RemoveFileAsync(db, blobs, export, cancel);
        return saved;
    }

    private IQueryable<Image> Images(Export export, Guid organization)
    {
        IQueryable<Image> images = db.Set<Image>().Where(i => i.ProjectId == export.ProjectId && i.OrganizationId == organization);
        if (!export.Plan.WithUnanswered)
            images = images.Where(i => i.IsAnnotated);
        return export.Plan.CampaignId is { } campaign ? images.Where(i => db.Set<AnnotationTask>().Any(t => t.CampaignId == campaign && t.ImageId == i.Id)) : images;
    }

    /// <summary>Only while it runs: whoever cancelled it has the last word. False: it was cancelled.</summary>
    private async Task<bool> SaveAsync(Export e, CancellationToken cancel) => 1 == await db.Set<Export>()
        .Where(row => row.Id == e.Id && (row.State == ExportState.Waiting || row.State == ExportState.Reading || row.State == ExportState.Writing))
        .ExecuteUpdateAsync(set => set
            .SetProperty(r => r.State, e.State).SetProperty(r => r.Total, e.Total).SetProperty(r => r.Read, e.Read).SetProperty(r => r.Written, e.Written)
            .SetProperty(r => r.Parts, e.Parts).SetProperty(r => r.OrganizationNumber, e.OrganizationNumber).SetProperty(r => r.LastImage, e.LastImage)
            .SetProperty(r => r.Labels, e.Labels).SetProperty(r => r.Annotations, e.Annotations).SetProperty(r => r.Hash, e.Hash).SetProperty(r => r.Bytes, e.Bytes)
            .SetProperty(r => r.Losses, e.Losses).SetProperty(r => r.FinishedAt, e.FinishedAt).SetProperty(r => r.ExpiresAt, e.ExpiresAt), cancel);

    private async Task FailAsync(Export export, string reason, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        string kept = reason.Length > 2000 ? reason[..2000] : reason;
        await db.Set<Export>().Where(e => e.Id == export.Id).ExecuteUpdateAsync(
            set => set.SetProperty(e => e.State, ExportState.Failed).SetProperty(e => e.Error, kept).SetProperty(e => e.FinishedAt, now), cancel);
        await parts.RemoveAsync(export, cancel);
    }

    private async Task<TimeSpan?> KeepAsync(Export export, DateTimeOffset until, CancellationToken cancel)
    {
        if (until > time.GetUtcNow())
            return until - time.GetUtcNow();
        await RemoveFileAsync(db, blobs, export, cancel);
        return null;
    }

    internal static async Task RemoveFileAsync(HubDbContext db, IBlobStore blobs, Export export, CancellationToken cancel)
    {
        await db.Set<Export>().Where(e => e.Id == export.Id && e.State == ExportState.Done).ExecuteUpdateAsync(set => set.SetProperty(e => e.State, ExportState.Expired), cancel);
        // Another export of the same data may share the bytes.
        if (export.Hash is { } hash && !await db.Set<Export>().AnyAsync(e => e.OrganizationId == export.OrganizationId && e.Hash == hash && e.State == ExportState.Done, cancel))
            await blobs.DeleteAsync(new(export.OrganizationId, BlobKind.Export, hash), cancel);
    }
}
