using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Collect;
using Perenne.Hub.Collect.Ingest;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Collect.Watch;

/// <summary>
/// Looks into a watched folder or bucket and takes the files that are whole; those of a folder once they rest: size and time of change the same
/// in two looks. What was taken is a row; a crash between the image and its row takes the file again, and the delivery's key makes that no
/// second arrival.
/// </summary>
internal sealed class WatchSource(HubDbContext db, WatchRules rules, WatchedBuckets buckets, Intake intake, Staging staging, TimeProvider time) : IWorkHandler
{
    public const string Taken = "taken";

    /// <summary>How long a file must rest.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5), EveryBucket = TimeSpan.FromSeconds(20), AfterProblem = TimeSpan.FromMinutes(1);

    /// <summary>A look stays far below the lease of its work item.</summary>
    private const int MaxFilesPerLook = 200;

    private static readonly TimeSpan MaxLook = TimeSpan.FromMinutes(3);

    public string Kind => WorkKinds.Watch;

    public async Task<TimeSpan?> RunAsync(WorkItem item, CancellationToken cancel)
    {
        WatchedSource? source = await db.Set<WatchedSource>().SingleOrDefaultAsync(s => s.Id == item.SubjectId, cancel);
        if (source is null)
            return null;
        if (source.IsPaused)
            return Every;
        string? problem = null;
        bool isMore = false;
        try
        {
            Result<IAsyncEnumerable<FoundFile>> files = await FilesAsync(source, cancel);
            problem = files.Error?.Detail;
            if (files.Succeeded)
                isMore = await LookAsync(source, files.Value, cancel);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or AmazonServiceException or HttpRequestException)
        {
            problem = error is StorageFullException ? error.Message : $"It could not be read or emptied: {error.Message}";
        }

        DateTimeOffset now = time.GetUtcNow();
        await db.Set<WatchedSource>().Where(s => s.Id == source.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.LookedAt, now).SetProperty(s => s.Problem, problem), cancel);
        return problem is not null ? AfterProblem : isMore ? TimeSpan.Zero : source.Kind == WatchedKind.Bucket ? EveryBucket : Every;
    }

    private async Task<Result<IAsyncEnumerable<FoundFile>>> FilesAsync(WatchedSource source, CancellationToken cancel)
    {
        if (source.Kind == WatchedKind.Bucket)
            return (await rules.AllowedBucketAsync(source.OrganizationId, source.Path, cancel)).Map(place => buckets.ListAsync(place, cancel));
        return (await rules.AllowedFolderAsync(source.OrganizationId, source.Path, cancel)).Map(folder => WatchedFolders.List(folder).ToAsyncEnumerable());
    }

    private async Task<bool> LookAsync(WatchedSource source, IAsyncEnumerable<FoundFile> files, CancellationToken cancel)
    {
        DateTimeOffset start = time.GetUtcNow();
        Dictionary<string, WatchedFile> known = await db.Set<WatchedFile>().Where(f => f.SourceId == source.Id).ToDictionaryAsync(f => f.Path, cancel);
        int taken = 0;
        await foreach (FoundFile file in files)
        {
            if (file.Path.Length > 900 || file.Path.StartsWith("done/", StringComparison.Ordinal) || file.Path.StartsWith("refused/", StringComparison.Ordinal))
                continue;
            if (!known.TryGetValue(file.Path, out WatchedFile? seen))
                db.Add(seen = new WatchedFile { SourceId = source.Id, OrganizationId = source.OrganizationId, Path = file.Path, Stamp = file.Stamp, SeenAt = start });
            else if (seen.Stamp != file.Stamp)
                (seen.Stamp, seen.SeenAt, seen.Outcome) = (file.Stamp, start, null);
            if (seen.Outcome is not null)
            {
                await MoveAsync(source, file, seen, cancel); // Still there: an earlier move failed, or moving is wished since.
                continue;
            }

            if (!file.IsWhole && seen.SeenAt + Settling > start)
                continue;
            await TakeAsync(source, file, seen, cancel);
            if (++taken == MaxFilesPerLook || time.GetUtcNow() - start > MaxLook)
                break;
        }

        await db.SaveChangesAsync(cancel);
        return taken == MaxFilesPerLook;
    }

    private async Task TakeAsync(WatchedSource source, FoundFile file, WatchedFile seen, CancellationToken cancel)
    {
        FileVerdict verdict;
        try
        {
            await using Stream? content = await file.OpenAsync(cancel);
            if (content is null)
                return; // Taken away, or seen with its new stamp at the next look.
            using StagedFile staged = await staging.WriteAsync(content, cancel);
            if (!file.IsStill(staged))
                return;
            IntakeTarget target = new(source.OrganizationId, source.ProjectId, new Actor(ActorKind.Machine, source.Id, source.Kind == WatchedKind.Bucket ? "watched bucket" : "watched folder", false, []), AccessScope.Of(source.OrganizationId));
            verdict = await intake.TakeAsync(staged, target, FactsOf(source, seen), cancel);
        }
        catch (FileTooLargeException error)
        {
            verdict = new(seen.Path, FileOutcome.Refused, Reason: error.Message);
        }

        seen.Outcome = verdict.Outcome == FileOutcome.Refused ? verdict.Reason ?? "refused" : Taken;
        source.Taken += verdict.Outcome == FileOutcome.Refused ? 0 : 1;
        await db.SaveChangesAsync(cancel);
        await MoveAsync(source, file, seen, cancel);
    }

    private static Task MoveAsync(WatchedSource source, FoundFile file, WatchedFile seen, CancellationToken cancel) =>
        source.After == AfterTaking.Move ? file.MoveAsync(seen.Outcome == Taken ? "done" : "refused", cancel) : Task.CompletedTask;

    private static ArrivalFacts FactsOf(WatchedSource source, WatchedFile file)
    {
        string key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{file.Path}\n{file.Stamp}")));
        Dictionary<string, string> metadata = file.Path.Length <= 400 ? new() { ["path"] = file.Path } : [];
        string way = source.Kind == WatchedKind.Bucket ? "bucket" : "folder";
        return new(ArrivalFacts.CleanName(file.Path), way) { Camera = source.Camera, Station = source.Station, DeliveryKey = $"{way}:{source.Id:n}:{key}", Metadata = metadata };
    }
}
