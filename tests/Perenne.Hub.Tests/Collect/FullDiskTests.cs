using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Perenne.Contracts.Collect;
using Perenne.Hub.Collect.Gallery;

namespace Perenne.Hub.Tests.Collect;

/// <summary>A hub whose blobs lie on a disk of three megabytes.</summary>
public sealed class SmallDiskHub : SqliteHub
{
    private readonly string disk = Directory.CreateTempSubdirectory("perenne-disk-").FullName;

    public SmallDiskHub() => IsMounted = Mount("-t", "tmpfs", "-o", "size=3m", "tmpfs", disk);

    public bool IsMounted { get; }

    internal string Blobs => Path.Combine(disk, "blobs");

    protected override IEnumerable<string> Settings => ["--Hub:Blobs:Folder", Blobs];

    internal bool Enlarge() => Mount("-o", "remount,size=32m", disk);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
        if (IsMounted)
            Run("umount", "--lazy", disk);
        Directory.Delete(disk, recursive: true);
    }

    private static bool Mount(params string[] arguments) => OperatingSystem.IsLinux() && Environment.UserName == "root" && Run("mount", arguments);

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

public sealed class FullDiskTests(SmallDiskHub hub) : IntakeBase(hub), IClassFixture<SmallDiskHub>
{
    [Fact]
    public async Task A_full_disk_answers_507_with_a_sentence_stores_no_half_and_takes_the_file_once_there_is_room()
    {
        SmallDiskHub disk = (SmallDiskHub)Hub;
        if (!disk.IsMounted)
            Assert.Skip("A disk of three megabytes can be mounted by root on Linux only.");
        (HttpClient client, string address, TestProject project) = await Plant();
        List<(FileVerdict Verdict, byte[] File)> stored = [];
        byte[] file;
        HttpResponseMessage answer;
        for (int n = 0; ; n++)
        {
            file = Pictures.Noise(600 + n, 640, 480);
            answer = await Send(client, address, file);
            if (!answer.IsSuccessStatusCode)
                break;
            stored.Add((Assert.Single((await answer.Read<IntakeAnswer>()).Files), file));
            Assert.True(n < 20, "Twenty files of 300 KB fit on three megabytes.");
        }

        Assert.NotEmpty(stored);
        string sentence = await Task.FromResult(answer).Refused(HttpStatusCode.InsufficientStorage);
        Assert.Contains("free some space", sentence, StringComparison.Ordinal);
        Assert.Equal(stored.Count, (await client.Get<CountImages.Answer>($"{address}/images/count")).Count);
        Assert.Equal(stored.Select(s => s.Verdict.Hash!).Order(), Originals(disk).Order());
        foreach ((FileVerdict verdict, byte[] sent) in stored)
            Assert.Equal(sent, await client.GetByteArrayAsync($"/api/v1/projects/{project.Slug}/images/{verdict.ImageId}/original"));

        Assert.True(disk.Enlarge());
        Assert.Equal(FileOutcome.Stored, (await (await Send(client, address, file)).Read<IntakeAnswer>()).Files[0].Outcome);
    }

    private static IEnumerable<string> Originals(SmallDiskHub disk) => Directory.EnumerateFiles(disk.Blobs, "*", SearchOption.AllDirectories)
        .Where(path => path.Contains("/original/", StringComparison.Ordinal)).Select(path => Path.GetFileName(path));

    private static async Task<HttpResponseMessage> Send(HttpClient client, string address, byte[] file)
    {
        using ByteArrayContent content = new(file) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
        return await client.PostAsync($"{address}/images?fileName=noise.png", content);
    }
}
