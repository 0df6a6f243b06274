using System.Security.Cryptography;
using System.Text;
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
/// Looks into a watched folder and takes the files that rest: size and time of change the same in two looks. What was taken is a row; a crash
/// between the image and its row takes the file again, and the delivery's key makes that no second arrival.
/// </summary>
internal sealed class WatchFolder(HubDbContext db, WatchRules rules, Intake intake, Staging staging, TimeProvider time) : IWorkHandler
{
    public const string Taken = "taken";

    /// <summary>How long a file must rest.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5), AfterProblem = TimeSpan.FromMinutes(1);

    /// <summary>A look stays far below the lease of its work item.</summary>
    private const int MaxFilesPerLook = 200;

    private static readonly TimeSpan MaxLook = TimeSpan.FromMinutes(3);

    private static readonly EnumerationOptions Files = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden | FileAttributes.System, IgnoreInaccessible = true };

    public string Kind => WorkKinds.Watch;

    public async Task<TimeSpan?> RunAsync(WorkItem item, CancellationToken cancel)
    {
        WatchedSource? source = await db.Set<WatchedSource>().SingleOrDefaultAsync(s => s.Id == item.SubjectId, cancel);
        if (source is null)
            return null;
        if (source.IsPaused)
            return Every;
        Result<string> folder = await rules.AllowedFolderAsync(source.OrganizationId, source.Path, cancel);
        string? problem = folder.Error?.Detail;
        bool isMore = false;
        try
        {
            if (folder.Succeeded)
                isMore = await LookAsync(source, folder.Value, cancel);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = error is StorageFullException ? error.Message : $"The folder could not be read or emptied: {error.Message}";
        }

        DateTimeOffset now = time.GetUtcNow();
        await db.Set<WatchedSource>().Where(s => s.Id == source.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.LookedAt, now).SetProperty(s => s.Problem, problem), cancel);
        return problem is not null ? AfterProblem : isMore ? TimeSpan.Zero : Every;
    }

    private async Task<bool> LookAsync(WatchedSource source, string folder, CancellationToken cancel)
    {
        DateTimeOffset start = time.GetUtcNow();
        Dictionary<string, WatchedFile> known = await db.Set<WatchedFile>().Where(f => f.SourceId == source.Id).ToDictionaryAsync(f => f.Path, cancel);
        int taken = 0;
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles("*", Files))
        {
            string path = Path.GetRelativePath(folder, file.FullName).Replace('\\', '/');
            if (path.Length > 900 || path.StartsWith("done/", StringComparison.Ordinal) || path.StartsWith("refused/", StringComparison.Ordinal))
                continue;
            string stamp = FormattableString.Invariant($"{file.Length}-{file.LastWriteTimeUtc.Ticks}");
            if (!known.TryGetValue(path, out WatchedFile? seen))
                db.Add(new WatchedFile { SourceId = source.Id, OrganizationId = source.OrganizationId, Path = path, Stamp = stamp, SeenAt = start });
            else if (seen.Stamp != stamp)
                (seen.Stamp, seen.SeenAt, seen.Outcome) = (stamp, start, null);
            else if (seen.Outcome is null && seen.SeenAt + Settling <= start)
            {
                await TakeAsync(source, file, seen, cancel);
                if (++taken == MaxFilesPerLook || time.GetUtcNow() - start > MaxLook)
                    break;
            }
        }

        await db.SaveChangesAsync(cancel);
        return taken == MaxFilesPerLook;
    }

    private async Task TakeAsync(WatchedSource source, FileInfo file, WatchedFile seen, CancellationToken cancel)
    {
        FileVerdict verdict;
        try
        {
            await using FileStream content = file.OpenRead();
            using StagedFile staged = await staging.WriteAsync(content, cancel);
            if (seen.Stamp != FormattableString.Invariant($"{staged.Bytes}-{File.GetLastWriteTimeUtc(file.FullName).Ticks}"))
                return; // Written while it was read: seen with its new stamp at the next look.
            IntakeTarget target = new(source.OrganizationId, source.ProjectId, new Actor(ActorKind.Machine, source.Id, "watched folder", false, []), AccessScope.Of(source.OrganizationId));
            verdict = await intake.TakeAsync(staged, target, FactsOf(source, seen), cancel);
        }
        catch (FileNotFoundException)
        {
            return; // Taken away again.
        }
        catch (FileTooLargeException error)
        {
            verdict = new(seen.Path, FileOutcome.Refused, Reason: error.Message);
        }

        seen.Outcome = verdict.Outcome == FileOutcome.Refused ? verdict.Reason ?? "refused" : Taken;
        source.Taken += verdict.Outcome == FileOutcome.Refused ? 0 : 1;
        await db.SaveChangesAsync(cancel);
        if (source.After == AfterTaking.Move)
            Move(source.Path, file, verdict.Outcome == FileOutcome.Refused ? "refused" : "done", seen.Path);
    }

    private static ArrivalFacts FactsOf(WatchedSource source, WatchedFile file)
    {
        string key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{file.Path}\n{file.Stamp}")));
        Dictionary<string, string> metadata = file.Path.Length <= 400 ? new() { ["path"] = file.Path } : [];
        return new(ArrivalFacts.CleanName(file.Path), "folder") { Camera = source.Camera, Station = source.Station, DeliveryKey = $"folder:{source.Id:n}:{key}", Metadata = metadata };
    }

    private static void Move(string folder, FileInfo file, string to, string path)
    {
        string target = Path.Combine(folder, to, path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        file.MoveTo(target, overwrite: true);
    }
}
