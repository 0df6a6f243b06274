using System.IO.Compression;
using Microsoft.Extensions.Options;
using Perenne.Contracts.Collect;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Blobs;

namespace Perenne.Hub.Collect.Ingest;

/// <summary>Takes in the images of a zip. Nothing is unpacked to a path that the archive names: each entry is streamed to a staging file of ours.</summary>
internal sealed class ZipIntake(Intake intake, Staging staging, IOptions<HubOptions> options)
{
    /// <summary>Unpacked bytes per packed byte of the whole archive, beyond a free gigabyte. Images hardly compress; bombs do nothing else.</summary>
    private const long MaxExpansion = 100, FreeBytes = 1L << 30;

    private static readonly string[] Archives = [".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz"];

    public async Task<IntakeAnswer> TakeAsync(StagedFile file, IntakeTarget target, ArrivalFacts facts, CancellationToken cancel)
    {
        await using FileStream stream = File.OpenRead(file.Path);
        int limit = options.Value.Images.MaxZipEntries;
        int? count = ZipDirectory.Count(stream, limit);
        if (count is null)
            return Refuse(facts, "The file is not a zip archive, or it was cut off on its way. Pack it again, or send the images themselves.");
        if (count > limit)
            return Refuse(facts, $"The archive names more than {limit:N0} files. Split it into smaller ones.");
        try
        {
            stream.Position = 0;
            await using ZipArchive zip = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancel);
            List<FileVerdict> verdicts = [];
            long unpacked = 0, allowed = Math.Max(FreeBytes, file.Bytes * MaxExpansion);
            foreach (ZipArchiveEntry entry in zip.Entries.Where(IsWanted))
            {
                FileVerdict verdict = Problem(entry) is { } problem ? new(entry.FullName, FileOutcome.Refused, Reason: problem)
                    : unpacked + entry.Length > allowed
                        ? new(entry.FullName, FileOutcome.Refused, Reason: $"The archive unpacks to more than {MaxExpansion} times its size, like a decompression bomb. Send its images themselves.")
                        : await TakeEntryAsync(entry, target, facts with { FileName = ArrivalFacts.CleanName(entry.FullName) }, cancel);
                unpacked += entry.Length;
                verdicts.Add(verdict with { Name = entry.FullName });
            }

            return IntakeAnswer.Of(verdicts);
        }
        catch (InvalidDataException)
        {
            return Refuse(facts, "The archive is damaged: its directory cannot be read. Pack it again.");
        }
    }

    private async Task<FileVerdict> TakeEntryAsync(ZipArchiveEntry entry, IntakeTarget target, ArrivalFacts facts, CancellationToken cancel)
    {
        try
        {
            await using Stream content = await entry.OpenAsync(cancel);
            // A declared length is a claim; no more than that is ever unpacked.
            using StagedFile file = await staging.WriteAsync(new LimitedStream(content, entry.Length), cancel);
            return await intake.TakeAsync(file, target, facts, cancel);
        }
        catch (InvalidDataException)
        {
            return new(facts.FileName, FileOutcome.Refused, Reason: "The entry is damaged or packed in an unknown way. Pack the archive again.");
        }
        catch (FileTooLargeException error)
        {
            return new(facts.FileName, FileOutcome.Refused, Reason: error.Message);
        }
    }

    private static bool IsWanted(ZipArchiveEntry entry) =>
        !entry.FullName.EndsWith('/') && !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal) && entry.Name is not ".DS_Store" and not "Thumbs.db" and not "desktop.ini";

    private static string? Problem(ZipArchiveEntry entry)
    {
        string name = entry.FullName.Replace('\\', '/');
        const int typeMask = 0xF000, symbolicLink = 0xA000;
        if ((entry.ExternalAttributes >> 16 & typeMask) == symbolicLink)
            return "The entry is a symbolic link. Pack the file it points to.";
        if (name.StartsWith('/') || (name.Length > 1 && name[1] == ':') || name.Split('/').Contains(".."))
            return "The entry's path leads out of the archive. Pack the images with paths below one folder.";
        if (entry.IsEncrypted)
            return "The entry is encrypted. Pack it without a password.";
        return Archives.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase) ? "An archive inside an archive is not opened. Send it by itself." : null;
    }

    private static IntakeAnswer Refuse(ArrivalFacts facts, string reason) => IntakeAnswer.Of([new(facts.FileName, FileOutcome.Refused, Reason: reason)]);
}
