using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using Perenne.Contracts.Collect;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Collect.Ingest;

namespace Perenne.Hub.Tests.Collect;

public sealed class ZipTests(SqliteHub hub) : IntakeBase(hub), IClassFixture<SqliteHub>
{
    [Fact]
    public async Task Entries_that_escape_link_nest_or_lie_are_refused_one_by_one_and_the_good_ones_are_stored()
    {
        (HttpClient client, string address, _) = await Plant();
        byte[] zip = Zip(archive =>
        {
            Add(archive, "boards/ü 1.png", Pictures.Png(21));
            Add(archive, "../../escape.png", Pictures.Png(22));
            Add(archive, "/etc/absolute.png", Pictures.Png(23));
            Add(archive, "C:\\windows\\drive.png", Pictures.Png(24));
            Add(archive, "link.png", "boards/1.png"u8.ToArray()).ExternalAttributes = 0xA1FF << 16;
            Add(archive, "inner.zip", Zip(inner => Add(inner, "x.png", Pictures.Png(25))));
            Add(archive, "notes.txt", "hello"u8.ToArray());
            Add(archive, "zero.png", []);
            Add(archive, "__MACOSX/._1.png", [0]);
            Add(archive, "boards/2.jpg", Pictures.Jpeg(26));
        });
        IntakeAnswer answer = await Send(client, address, zip, "boards.zip", type: "application/zip");
        Assert.Equal(["boards/ü 1.png", "boards/2.jpg"], answer.Files.Where(f => f.Outcome == FileOutcome.Stored).Select(f => f.Name));
        Assert.Equal(7, answer.Refused);
        Assert.All(answer.Files.Where(f => f.Outcome == FileOutcome.Refused), f => Assert.Matches(@"\.$", f.Reason));
        Assert.Equal(2, (await client.GetFromJsonAsync<CountImages.Answer>($"{address}/images/count"))!.Count);
        Assert.False(File.Exists(Path.Combine(Hub.Folder, "..", "..", "escape.png")));
    }

    [Fact]
    public async Task A_bomb_is_refused_before_it_is_unpacked()
    {
        (HttpClient client, string address, _) = await Plant();
        byte[] zip = Zip(archive =>
        {
            using Stream entry = archive.CreateEntry("bomb.png", CompressionLevel.SmallestSize).Open();
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 1100; i++)
                entry.Write(zeros);
        });
        Assert.True(zip.Length < 4 << 20);
        FileVerdict verdict = Assert.Single((await Send(client, address, zip, "bomb.zip", type: "application/zip")).Files);
        Assert.Contains("bomb", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archive_of_more_entries_than_allowed_is_refused_without_listing_them()
    {
        byte[] zip = Zip(archive =>
        {
            for (int i = 0; i < 500; i++)
                archive.CreateEntry($"{i}.png");
        });
        using MemoryStream stream = new(zip);
        Assert.Equal(500, ZipDirectory.Count(stream, 100_000));
        Assert.Equal(101, ZipDirectory.Count(stream, 100));
        (HttpClient client, string address, _) = await Plant();
        FileVerdict verdict = Assert.Single((await Send(client, address, [.. zip[..200], .. new byte[50]], "broken.zip", type: "application/zip")).Files);
        Assert.Equal(FileOutcome.Refused, verdict.Outcome);
    }

    [Fact]
    public async Task A_file_above_the_limit_of_metadata_is_refused_with_the_field_named()
    {
        (HttpClient client, string address, _) = await Plant();
        using ByteArrayContent content = new(Pictures.Png(30)) { Headers = { ContentType = new("image/png") } };
        using HttpResponseMessage response = await client.PostAsync($"{address}/images?fileName=a.png&capturedAt=yesterday", content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("2026-05-04T13:45:00", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static byte[] Zip(Action<ZipArchive> fill)
    {
        using MemoryStream memory = new();
        using (ZipArchive archive = new(memory, ZipArchiveMode.Create, leaveOpen: true))
            fill(archive);
        return memory.ToArray();
    }

    private static ZipArchiveEntry Add(ZipArchive archive, string name, byte[] content)
    {
        ZipArchiveEntry entry = archive.CreateEntry(name);
        using Stream stream = entry.Open();
        stream.Write(content);
        return entry;
    }
}
