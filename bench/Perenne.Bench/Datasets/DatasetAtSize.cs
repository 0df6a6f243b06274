using System.Diagnostics;
using System.Globalization;
using DuckDB.NET.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Bench.Collect;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Annotate;
using Perenne.Hub.Collect;
using Perenne.Hub.Datasets;
using Perenne.Hub.Observe;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Work;

namespace Perenne.Bench.Datasets;

/// <summary>
/// <c>dataset-version N</c>: a dataset version of N annotated images on SQLite, two boxes each, from the query to the stored manifest: time, processor time and
/// the highest resident memory the kernel saw since the database was filled (VmHWM).
/// </summary>
internal static class DatasetAtSize
{
    public static async Task RunAsync(int images)
    {
        await using BenchHub hub = await BenchHub.OnSqliteAsync();
        Stopwatch fill = Stopwatch.StartNew();
        await GalleryRows.FillAsync(hub, images);
        await AnnotateAsync(hub);
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        await File.WriteAllTextAsync("/proc/self/clear_refs", "5"); // The peak begins anew.
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"filled in {fill.Elapsed.TotalSeconds:0.0} s; {Resident("VmRSS")}"));
        DatasetCreated made = await hub.InsideAsync(async services => (await services.GetRequiredService<CreateDatasetVersion>().HandleAsync(hub.Project, new("bench"), default)).Value);
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
        Stopwatch watch = Stopwatch.StartNew();
        DatasetVersion version = await hub.InsideAsync(async services =>
        {
            HubDbContext db = services.GetRequiredService<HubDbContext>();
            WorkItem item = await db.Set<WorkItem>().AsNoTracking().SingleAsync(w => w.SubjectId == made.Id);
            await services.GetServices<ILongWork>().Single(w => w.Kind == WorkKinds.Dataset).RunAsync(item, default);
            return await db.Set<DatasetVersion>().AsNoTracking().SingleAsync(v => v.Id == made.Id);
        });
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{version.State}: {version.Images} images, {version.Shapes} shapes, manifest {version.ManifestBytes / 1e6:0.0} MB; {watch.Elapsed.TotalSeconds:0.0} s wall, {cpu.TotalSeconds:0.0} s CPU; {Resident("VmHWM")}"));
        Console.WriteLine(await AskDuckAsync(hub, version));
    }

    // A reader that is not ours sees the same.
    private static Task<string> AskDuckAsync(BenchHub hub, DatasetVersion version) => hub.InsideAsync(async services =>
    {
        string file = Path.GetTempFileName();
        await using (Stream from = await services.GetRequiredService<IBlobStore>().OpenAsync(new(version.OwnerOrganizationId, BlobKind.Manifest, version.ManifestHash!), default) ?? throw new FileNotFoundException(version.ManifestHash), to = File.Create(file))
            await from.CopyToAsync(to);
        await using DuckDBConnection duck = await Duck.OpenAsync(default);
        Stopwatch watch = Stopwatch.StartNew();
        (long images, long shapes) = (await Duck.ReadAsync(duck, $"SELECT count(DISTINCT image_id), count(shape_index) FROM read_parquet({Duck.Quote(file)})", r => (r.GetInt64(0), r.GetInt64(1)), default))[0];
        File.Delete(file);
        return string.Create(CultureInfo.InvariantCulture, $"DuckDB counts {images} images and {shapes} shapes in {watch.Elapsed.TotalSeconds:0.0} s");
    });

    private static string Resident(string figure) => File.ReadLines("/proc/self/status").First(l => l.StartsWith(figure, StringComparison.Ordinal));

    // One annotation that the hub's model wrote, then one like it for each image, by the database itself.
    private static Task<int> AnnotateAsync(BenchHub hub) => hub.InsideAsync(async services =>
    {
        HubDbContext db = services.GetRequiredService<HubDbContext>();
        Guid first = await db.Set<Image>().OrderBy(i => i.Id).Select(i => i.Id).FirstAsync();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        db.Add(new Annotation
        {
            Id = services.GetRequiredService<IdSource>().Next(), OrganizationId = hub.Organization, ProjectId = hub.Project, ImageId = first, Source = AnnotationSource.Import, Revision = 1, Shapes = 2,
            Document = AnnotationDocument.Empty with { Shapes = [new DocumentBox("a", "open", [10, 20, 30, 40]), new DocumentBox("b", "short", [200, 220, 12, 14])], Verdict = ImageVerdict.Defects }, CreatedAt = now, ChangedAt = now,
        });
        await db.SaveChangesAsync();
        string[] columns = [.. db.Model.FindEntityType(typeof(Annotation))!.GetProperties().Select(p => p.GetColumnName())];
        string values = string.Join(", ", columns.Select(c => c is "id" or "image_id" ? "i.id" : "a." + c));
        return await BulkFill.IntoAsync(db, "annotations",
            $"CREATE TEMP TABLE one AS SELECT * FROM annotations; INSERT INTO annotations ({string.Join(", ", columns)}) SELECT {values} FROM one a CROSS JOIN images i WHERE i.id <> a.image_id; DROP TABLE one");
    });
}
