using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Bench.Collect;
using Perenne.Hub.Agree;
using Perenne.Hub.Share.Exports;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Work;

namespace Perenne.Bench.Share;

/// <summary>
/// <c>export IMAGES FORMAT</c>: the background export of so many images with ten boxes each, from SQLite into the folder store, twice, each time in a hub
/// process of its own: time, processor time, the highest resident memory the kernel saw in that process (VmHWM), and whether the bytes are the same.
/// </summary>
internal static class ExportAtSize
{
    private const int Documents = 100, Boxes = 10;

    public static async Task RunAsync(int images, string format)
    {
        await using BenchHub hub = await BenchHub.OnSqliteAsync();
        await GalleryRows.FillAsync(hub, images);
        await FillTruthsAsync(hub);
        List<string> hashes = [];
        for (int round = 1; round <= 2; round++)
        {
            using Process once = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["export-once", hub.Folder, hub.Organization.ToString(), hub.Project.ToString(), format]) { RedirectStandardOutput = true })!;
            string said = await once.StandardOutput.ReadToEndAsync();
            await once.WaitForExitAsync();
            Console.Write(said);
            hashes.Add(said.Trim().Split(' ')[^1]);
        }

        Console.WriteLine(hashes[0] == hashes[1] && hashes[0].Length == 64 ? "Identical twice." : throw new InvalidOperationException("The same input gave other bytes."));
    }

    /// <summary>One export of what <see cref="RunAsync"/> has filled, in this process.</summary>
    public static async Task OnceAsync(string folder, Guid organization, Guid project, string format)
    {
        await using BenchHub hub = await BenchHub.OnFilledAsync(folder, organization, project);
        string before = Memory("VmRSS");
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        Stopwatch watch = Stopwatch.StartNew();
        Export done = await ExportAsync(hub, format);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{format}: {done.Written} images, {done.Annotations} marks, {done.Bytes / 1e6:0.0} MB: {watch.Elapsed.TotalSeconds:0.0} s wall, {cpu.TotalSeconds:0.0} s CPU, peak {Memory("VmHWM")} (begins at {before}), SHA-256 {done.Hash}"));
    }

    private static string Memory(string name)
    {
        string[] words = File.ReadLines("/proc/self/status").First(l => l.StartsWith(name, StringComparison.Ordinal)).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return string.Create(CultureInfo.InvariantCulture, $"{double.Parse(words[1], CultureInfo.InvariantCulture) * 1024 / 1e6:0} MB");
    }

    private static Task<Export> ExportAsync(BenchHub hub, string format) => hub.InsideAsync(async services =>
    {
        HubDbContext db = services.GetRequiredService<HubDbContext>();
        Guid id = services.GetRequiredService<IdSource>().Next();
        db.Add(new Export
        {
            Id = id, OrganizationId = hub.Organization, ProjectId = hub.Project, CreatedAt = TimeProvider.System.GetUtcNow(), CreatedBy = Guid.Empty,
            Plan = new(format, ExportSource.GroundTruth, WithImages: false, WithUnanswered: false, null, [hub.Organization]),
        });
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
        WorkItem item = new() { Id = id, OrganizationId = hub.Organization, Kind = WorkKinds.Export, SubjectId = id, DueAt = 0 };
        await services.GetServices<IWorkHandler>().Single(h => h.Kind == WorkKinds.Export).RunAsync(item, default);
        return await db.Set<Export>().AsNoTracking().SingleAsync(e => e.Id == id);
    });

    private static Task<int> FillTruthsAsync(BenchHub hub) => hub.InsideAsync(async services =>
    {
        HubDbContext db = services.GetRequiredService<HubDbContext>();
        await db.Database.ExecuteSqlRawAsync("UPDATE images SET is_annotated = 1");
        for (int k = 0; k < Documents; k++)
        {
            int shift = k;
            string shapes = string.Join(',', Enumerable.Range(0, Boxes).Select(b => string.Create(CultureInfo.InvariantCulture,
                $$"""{"kind":"box","box":[{{(b * 61) + (shift / 4.0)}},{{(b * 37 % 600) + (shift / 8.0)}},{{20 + b}},{{15 + b}}],"id":"{{b + 1}}","label":"{{(b % 2 == 0 ? "open" : "short")}}","attributes":{} }""")));
            string document = $$"""{"shapes":[{{shapes}}],"tags":[],"values":{},"verdict":"defects"}""";
            await db.Database.ExecuteSqlAsync($"""
                INSERT INTO ground_truths (id, organization_id, project_id, image_id, source, document, "from", at, is_current)
                SELECT id, organization_id, project_id, id, {nameof(TruthSource.Accepted)}, {document}, '[]', arrived_at, 1 FROM images WHERE perceptual_hash % {Documents} = {k}
                """);
        }

        return 0;
    });
}
