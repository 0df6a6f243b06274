using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Collect;
using Perenne.Hub.Organizations;
using Perenne.Hub.Quality;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;
using Perenne.Imaging;

namespace Perenne.Hub.Collect.Ingest;

/// <summary>For whom and whereto files come in. The right was decided before.</summary>
internal sealed record IntakeTarget(Guid OrganizationId, Guid ProjectId, Actor Actor, AccessScope Scope);

/// <summary>
/// Takes one staged file in: known content adds an arrival; new content is probed, decoded, measured, stored as a blob and only then
/// recorded in one short transaction. A crash between leaves at worst a blob nobody points to, which the next try uses or the sweep removes.
/// </summary>
internal sealed class Intake(IServiceScopeFactory scopes, Inspector inspector, IBlobStore blobs, ILogger<Intake> logger)
{
    public async Task<FileVerdict> TakeAsync(StagedFile file, IntakeTarget target, ArrivalFacts facts, CancellationToken cancel)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentAccess>().Grant(target.Actor, target.Scope);
        ImageRecorder recorder = scope.ServiceProvider.GetRequiredService<ImageRecorder>();
        if (await recorder.TryAddArrivalAsync(file.Hash, target, facts, cancel) is { } known)
            return Verdict(known, FileOutcome.Duplicate, file, facts);

        InspectionResult result = await inspector.InspectAsync(file.Path, facts.FileName, cancel);
        if (result.Inspection is not { } inspection)
        {
            logger.LogInformation("Refused {File} for {Project}: {Reason}", facts.FileName, target.ProjectId, result.Refusal!.Sentence);
            return new(facts.FileName, FileOutcome.Refused, null, file.Hash, result.Refusal.Sentence);
        }

        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        if (facts.CapturedAt is null && inspection.Facts.Exif.CapturedAt is not null)
        {
            string zone = await db.Set<Organization>().Where(o => o.Id == target.OrganizationId).Select(o => o.TimeZone).SingleAsync(cancel);
            facts = facts with { CapturedAt = Inspector.CapturedAt(inspection.Facts.Exif, zone) };
        }

        Judgement judgement = await scope.ServiceProvider.GetRequiredService<ProjectJudge>().JudgeAsync(target, facts.Camera, inspection, cancel);
        await blobs.PutAsync(new(target.OrganizationId, BlobKind.Original, file.Hash), file.Path, cancel);
        (Image image, bool isNew) = await recorder.AddAsync(file, target, facts, inspection, judgement, cancel);
        return Verdict(image, isNew ? FileOutcome.Stored : FileOutcome.Duplicate, file, facts);
    }

    private static FileVerdict Verdict(Image image, FileOutcome outcome, StagedFile file, ArrivalFacts facts) =>
        new(facts.FileName, outcome, image.Id, file.Hash, null, image.Quality.ToString().ToLowerInvariant());
}
