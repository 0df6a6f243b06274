using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Formats;
using Perenne.Hub.Share.Exports;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Shared.Work;
using Perenne.Hub.Tests.Collect;

namespace Perenne.Hub.Tests.Share;

public abstract class ExportTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task Every_format_comes_out_readable_and_twice_with_the_same_bytes()
    {
        ExportBench bench = await ExportBench.StartAsync(Hub, images: 25);
        foreach (FormatDescription format in DatasetFormats.All)
        {
            ExportView first = await bench.FinishedAsync(new(format.Name)), second = await bench.FinishedAsync(new(format.Name));
            Assert.True(first.State == ExportState.Done, $"{format.Name}: {first.Error}");
            Assert.Equal((first.Hash, first.Bytes), (second.Hash, second.Bytes));
            byte[] file = await bench.DownloadAsync(first);
            Assert.Equal(first.Hash, Convert.ToHexStringLower(SHA256.HashData(file)));
            string folder = Path.Combine(Hub.Folder, "read", format.Name);
            await ZipFile.ExtractToDirectoryAsync(new MemoryStream(file), folder, TestContext.Current.CancellationToken);
            string report = Path.Combine(folder, ExportArchive.ReportName);
            Assert.All(first.Losses, loss => Assert.Contains($"{loss.Count} times: {loss.Sentence}", File.ReadAllText(report), StringComparison.Ordinal));
            File.Delete(report);
            await using DatasetReader reader = await DatasetFormats.OpenAsync(format.Name, folder, new() { Lenient = true, DefaultImageSize = new(640, 480) });
            DatasetSummary read = await DatasetSummary.OfAsync(reader);
            Assert.True((25, first.Annotations) == (read.Images, read.Annotations), $"{format.Name}: {read.Images} images, {read.Annotations} of {first.Annotations} annotations.");
        }
    }

    [Fact]
    public async Task The_archive_holds_the_image_files_where_the_format_expects_them_and_a_broken_download_goes_on()
    {
        TestOrganization organization = await Hub.Organization("lyon");
        ExportBench bench = new(Hub, organization, await Hub.Project("pcb", organization), await Hub.Person("ada", Role.DataScientist, organization));
        byte[] picture = Pictures.Png(3, 120, 90);
        using ByteArrayContent content = new(picture) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
        await Hub.As(bench.Person).PostAsync($"/api/v1/organizations/{organization.Slug}/projects/{bench.Project.Slug}/images?fileName=a.png", content).Done();
        ExportView export = await bench.FinishedAsync(new("coco", ExportSource.Newest, Images: true, Unanswered: true));
        Assert.Equal((ExportState.Done, "UnansweredImages"), (export.State, Assert.Single(export.Losses).Feature)); // COCO cannot tell it from "no defect".
        export = await bench.FinishedAsync(new("cvat", ExportSource.Newest, Images: true, Unanswered: true));
        byte[] file = await bench.DownloadAsync(export);
        using ZipArchive zip = new(new MemoryStream(file));
        ZipArchiveEntry entry = Assert.Single(zip.Entries, e => e.Name.EndsWith(".png", StringComparison.Ordinal));
        using MemoryStream stored = new();
        await (await entry.OpenAsync()).CopyToAsync(stored, TestContext.Current.CancellationToken);
        Assert.Equal(picture, stored.ToArray());

        using HttpRequestMessage rest = new(HttpMethod.Get, $"{bench.Address}/{export.Id}/file") { Headers = { Range = new(100, null) } };
        using HttpResponseMessage answer = await Hub.As(bench.Person).SendAsync(rest, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal(file[100..], await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_cannot_be_exported_is_refused_and_a_cancelled_export_leaves_no_file()
    {
        ExportBench bench = await ExportBench.StartAsync(Hub, images: 400);
        Assert.Contains("label-studio", await Hub.As(bench.Person).Post(bench.Address, new ExportRequest("excel")).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        ExportView export = await bench.RequestAsync(new("yolo"));
        await Hub.As(bench.Person).PostAsync($"{bench.Address}/{export.Id}/cancel", null).Done();
        export = await Hub.As(bench.Person).Get<ExportView>($"{bench.Address}/{export.Id}");
        Assert.True(export.State is ExportState.Cancelled or ExportState.Expired, export.State.ToString());
        Assert.Contains("no file", await Hub.As(bench.Person).GetAsync($"{bench.Address}/{export.Id}/file").Refused(HttpStatusCode.Conflict), StringComparison.Ordinal);
        await GoneAsync(export.Id);
        Assert.Empty(await Blobs(bench, BlobKind.ExportPart));
        Assert.Empty(await Blobs(bench, BlobKind.Export));
    }

    [Fact]
    public async Task An_old_archive_is_removed_and_the_export_says_so()
    {
        ExportBench bench = await ExportBench.StartAsync(Hub, images: 3);
        ExportView export = await bench.FinishedAsync(new("coco"));
        Assert.Single(await Blobs(bench, BlobKind.Export));
        Hub.Time.Skip(TimeSpan.FromDays(7.1));
        await bench.WaitAsync(Hub.As(bench.Person), export.Id, e => e.State == ExportState.Expired);
        await GoneAsync(export.Id);
        Assert.Empty(await Blobs(bench, BlobKind.Export));
    }

    [Fact]
    public async Task An_export_of_two_organizations_is_not_shown_to_who_may_see_one_and_keeps_their_files_apart()
    {
        ExportBench bench = await ExportBench.StartAsync(Hub, images: 4);
        TestOrganization porto = await Hub.Organization("porto");
        TestProject shared = await Hub.Project("shared", bench.Organization, porto);
        TestPerson both = await Hub.Person("boss", instanceAdministrator: true), one = await Hub.Person("rui", Role.DataScientist, porto);
        ExportBench wide = new(Hub, bench.Organization, shared, both);
        await wide.FillAsync(bench.Organization, 4, 2);
        await wide.FillAsync(porto, 4, 2);
        ExportView export = await wide.FinishedAsync(new("coco"));
        Assert.Equal((ExportState.Done, 8), (export.State, export.Written));
        await Hub.As(one).GetAsync($"{wide.Address}/{export.Id}").Refused(HttpStatusCode.NotFound);
        Assert.Empty(await Hub.As(one).Get<List<ExportView>>(wide.Address));
        Assert.Single(await Hub.As(both).Get<List<ExportView>>(wide.Address));
    }

    private async Task GoneAsync(Guid export)
    {
        while (await Hub.Inside(db => db.Set<WorkItem>().AnyAsync(w => w.SubjectId == export)))
            await Task.Delay(50, TestContext.Current.CancellationToken);
    }

    private Task<List<string>> Blobs(ExportBench bench, BlobKind kind) => Hub.Inside(async services =>
    {
        List<string> found = [];
        await foreach (StoredBlob blob in services.GetRequiredService<IBlobStore>().ListAsync(bench.Organization.Id, kind, default))
            found.Add(blob.Hash);
        return found;
    });
}

public sealed class ExportsOnSqlite(SqliteHub hub) : ExportTests(hub), IClassFixture<SqliteHub>;

public sealed class ExportsOnPostgres(PostgresHub hub) : ExportTests(hub), IClassFixture<PostgresHub>;
