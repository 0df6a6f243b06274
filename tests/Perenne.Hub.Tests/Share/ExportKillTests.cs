using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Share.Exports;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Tests.Share;

public sealed class ExportKillTests
{
    [Fact]
    public async Task An_export_whose_hub_is_killed_goes_on_behind_its_last_part_and_gives_the_same_bytes()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        await using SqliteHub setUp = new();
        await setUp.InitializeAsync();
        ExportBench bench = await ExportBench.StartAsync(setUp, images: 14_000);
        ExportView whole = await bench.FinishedAsync(new("coco"));
        Assert.Equal(ExportState.Done, whole.State);
        await setUp.App.StopAsync(cancel);

        (Process first, HttpClient client) = await HubProcess.StartAsync(setUp.Folder, bench.Person.Token, cancel);
        ExportView export = await client.Post(bench.Address, new ExportRequest("coco")).Read<ExportView>();
        int parts;
        while ((parts = await setUp.Inside(db => db.Set<Export>().Where(e => e.Id == export.Id).Select(e => e.Parts).SingleAsync())) == 0)
            await Task.Delay(5, cancel);
        first.Kill(); // SIGKILL
        await first.WaitForExitAsync(cancel);
        first.Dispose();
        client.Dispose();
        Export left = await setUp.Inside(db => db.Set<Export>().AsNoTracking().SingleAsync(e => e.Id == export.Id));
        Assert.True(left.IsRunning, $"{left.State}: it was done before it was killed.");
        Assert.InRange(left.Read, 1, 14_000);

        // Instead of waiting until the dead process's lease has run out.
        await setUp.Inside(db => db.Set<WorkItem>().Where(w => w.SubjectId == export.Id).ExecuteUpdateAsync(set => set.SetProperty(w => w.LeasedUntil, 0L)));
        (Process second, HttpClient again) = await HubProcess.StartAsync(setUp.Folder, bench.Person.Token, cancel);
        try
        {
            ExportView done = await bench.WaitAsync(again, export.Id, e => e.State is ExportState.Done or ExportState.Failed);
            Assert.Equal((ExportState.Done, whole.Hash, 14_000), (done.State, done.Hash, done.Read));
        }
        finally
        {
            second.Kill();
            await second.WaitForExitAsync(cancel);
            second.Dispose();
            again.Dispose();
        }
    }
}
