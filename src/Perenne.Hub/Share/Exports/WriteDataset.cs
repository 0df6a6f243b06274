using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Collect;
using Perenne.Formats;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using LabelClass = Perenne.Formats.LabelClass;

namespace Perenne.Hub.Share.Exports;

/// <param name="Losses">Of the writer.</param>
internal sealed record WrittenArchive(string Hash, long Bytes, long Images, long Annotations, ExportLoss[] Losses);

/// <summary>The second half of an export: from its parts to one archive in the blob store. Begins anew after a crash; it asks the database nothing but the classes.</summary>
internal sealed class WriteDataset(HubDbContext db, ExportParts parts, ExportArchive archive, IBlobStore blobs, Staging staging)
{
    /// <param name="written">Told the number of images written, every few hundred.</param>
    public async Task<WrittenArchive> HandleAsync(Export export, Func<long, Task> written, CancellationToken cancel)
    {
        string work = staging.NewPath(), folder = Path.Combine(work, "data"), list = Path.Combine(work, "images"), zip = Path.Combine(work, "zip");
        Directory.CreateDirectory(work);
        try
        {
            Dictionary<string, Guid> organizations = await db.Set<Organization>().Where(o => export.Plan.Organizations.Contains(o.Id)).ToDictionaryAsync(o => o.Slug, o => o.Id, cancel);
            WrittenArchive done;
            await using (StreamWriter placed = new(list))
            {
                string entryOf = "";
                WriteOptions options = new() { Place = (_, target) => entryOf = target };
                await using DatasetWriter writer = DatasetFormats.CreateWriter(export.Plan.Format, folder, await HeaderAsync(export, cancel), options);
                ExportNames names = new(export.Plan.Organizations.Length > 1);
                await foreach (ExportedImage image in parts.ReadAsync(export, cancel))
                {
                    entryOf = "";
                    await writer.WriteAsync(image.ToRecord(names.Of(image)), cancel);
                    if (export.Plan.WithImages && entryOf.Length > 0)
                        await placed.WriteAsync($"{image.Organization}\t{image.Hash}\t{Path.GetRelativePath(folder, entryOf).Replace('\\', '/')}\n");
                    if (writer.ImageCount % ExportRows.PageSize == 0)
                        await written(writer.ImageCount);
                }

                await writer.CompleteAsync(cancel);
                await placed.FlushAsync(cancel);
                await writer.DisposeAsync();
                await archive.WriteAsync(folder, ExportArchive.Report(export.Plan, writer), Placed(list), organizations, zip, cancel);
                ExportLoss[] losses = [.. writer.Losses.Entries.Select(l => new ExportLoss(l.Feature.ToString(), l.Count, l.Sentence, l.Examples))];
                done = new("", new FileInfo(zip).Length, writer.ImageCount, writer.AnnotationCount, losses);
            }

            await using (FileStream file = File.OpenRead(zip))
                done = done with { Hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel)) };
            await blobs.PutAsync(new(export.OrganizationId, BlobKind.Export, done.Hash), zip, cancel);
            return done;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static IEnumerable<PlacedImage> Placed(string list) => File.ReadLines(list).Select(line => line.Split('\t', 3)).Select(p => new PlacedImage(p[0], p[1], p[2]));

    // Classes of documents that are older than the schema follow those of the schema.
    private async Task<DatasetHeader> HeaderAsync(Export export, CancellationToken cancel)
    {
        SchemaVersion? schema = await db.Set<SchemaVersion>().AsNoTracking().Where(v => v.ProjectId == export.ProjectId).OrderByDescending(v => v.Number).FirstOrDefaultAsync(cancel);
        List<LabelClass> classes = [.. (schema?.Classes ?? []).Select(c => new LabelClass(c.Name) { Color = c.Colour })];
        HashSet<string> known = [.. classes.Select(c => c.Name)];
        classes.AddRange(export.Labels.Where(label => !known.Contains(label)).Order(StringComparer.Ordinal).Select(label => new LabelClass(label)));
        return new("perenne", [.. classes]);
    }
}
