using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Quality;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Work;
using Perenne.Imaging;

namespace Perenne.Hub.Collect.Ingest;

/// <summary>The transactions of an arrival: image, arrival, quality report, near-duplicate cluster, counter and the work that follows, all or nothing.</summary>
internal sealed class ImageRecorder(HubDbContext db, WriteTurn turn, WorkQueue work, IdSource ids, TimeProvider time)
{
    /// <summary>Null when the project has no such content.</summary>
    public async Task<Image?> TryAddArrivalAsync(string hash, IntakeTarget target, ArrivalFacts facts, CancellationToken cancel)
    {
        Image? known = await db.Set<Image>().AsNoTracking().SingleOrDefaultAsync(
            i => i.ProjectId == target.ProjectId && i.OrganizationId == target.OrganizationId && i.ContentHash == hash, cancel);
        if (known is null || (facts.DeliveryKey is { } delivery && await db.Set<Arrival>().AnyAsync(a => a.ImageId == known.Id && a.DeliveryKey == delivery, cancel)))
            return known;
        await turn.RunAsync(db, async () =>
        {
            db.Add(NewArrival(known.Id, target, facts));
            await db.SaveChangesAsync(cancel);
            await db.Set<Image>().Where(i => i.Id == known.Id).ExecuteUpdateAsync(set => set.SetProperty(i => i.Arrivals, i => i.Arrivals + 1), cancel);
        }, cancel);
        return known;
    }

    /// <summary>False beside the image when somebody else recorded the same content meanwhile.</summary>
    public async Task<(Image Image, bool IsNew)> AddAsync(
        StagedFile file, IntakeTarget target, ArrivalFacts facts, Inspection inspection, Judgement judgement, CancellationToken cancel)
    {
        Image? added = null;
        bool isNew = false;
        await turn.RunAsync(db, async () =>
        {
            await NearDuplicates.LockAsync(db, target.ProjectId, target.OrganizationId, cancel);
            isNew = !await db.Set<Image>().AnyAsync(i => i.ProjectId == target.ProjectId && i.OrganizationId == target.OrganizationId && i.ContentHash == file.Hash, cancel);
            if (!isNew)
                return;
            added = NewImage(file, target, facts, inspection, judgement);
            added.ClusterId = await NearDuplicates.JoinAsync(db, target.ProjectId, target.OrganizationId, added.Id, added.PerceptualHash, cancel);
            db.Add(added);
            db.Add(NewArrival(added.Id, target, facts));
            db.Add(judgement.ToReport(added, inspection.Facts, inspection.Measures, time.GetUtcNow()));
            await db.SaveChangesAsync(cancel);
            await work.AddAsync(db, target.OrganizationId, WorkKinds.Derivatives, added.Id, cancel);
            if (judgement.ProfileId is { } profile)
                await work.AddAsync(db, target.OrganizationId, WorkKinds.CameraProfile, profile, cancel, TimeSpan.FromSeconds(10));
            await ImageCounters.AddAsync(db, target.ProjectId, target.OrganizationId, added.Quality, 1, cancel);
        }, cancel);
        return isNew ? (added!, true) : ((await TryAddArrivalAsync(file.Hash, target, facts, cancel))!, false);
    }

    private Image NewImage(StagedFile file, IntakeTarget target, ArrivalFacts facts, Inspection inspection, Judgement judgement)
    {
        Guid id = ids.Next();
        return new()
        {
            Id = id,
            OrganizationId = target.OrganizationId,
            ProjectId = target.ProjectId,
            ContentHash = file.Hash,
            FileName = facts.FileName,
            Format = inspection.Facts.Format.ToString().ToLowerInvariant(),
            Bytes = file.Bytes,
            Width = inspection.Facts.Width,
            Height = inspection.Facts.Height,
            BitDepth = inspection.Facts.BitDepth,
            Channels = inspection.Facts.Channels,
            Orientation = inspection.Facts.Orientation,
            Camera = facts.Camera,
            Station = facts.Station,
            CapturedAt = facts.CapturedAt,
            PartId = facts.PartId,
            Batch = facts.Batch,
            GroupKey = facts.Group,
            Metadata = JsonSerializer.Serialize(facts.Metadata),
            MetadataRows = [.. facts.Metadata.Select(pair => new ImageMetadata { ImageId = id, OrganizationId = target.OrganizationId, ProjectId = target.ProjectId, Key = pair.Key, Value = pair.Value })],
            SearchText = Image.SearchTextOf(facts.FileName, facts.PartId, facts.Batch, facts.Group),
            PerceptualHash = unchecked((long)inspection.Hash.Bits),
            Quality = judgement.Quality,
            QualityScore = judgement.Score,
            QualityReasons = judgement.ReasonCodes,
            ArrivedAt = time.GetUtcNow(),
        };
    }

    private Arrival NewArrival(Guid image, IntakeTarget target, ArrivalFacts facts) => new()
    {
        Id = ids.Next(),
        OrganizationId = target.OrganizationId,
        ImageId = image,
        At = time.GetUtcNow(),
        FileName = facts.FileName,
        Way = facts.Way,
        ActorId = target.Actor.Id,
        ActorName = target.Actor.Name,
        DeliveryKey = facts.DeliveryKey,
    };
}
