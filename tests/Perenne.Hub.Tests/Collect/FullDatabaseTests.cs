using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Collect;
using Perenne.Hub.Collect;
using Perenne.Hub.Collect.Gallery;

namespace Perenne.Hub.Tests.Collect;

/// <summary>A hub whose database lies on a disk of sixteen megabytes, with a ballast file that takes the room or gives it back.</summary>
public sealed class SmallDatabaseHub : SqliteHub
{
    private readonly string disk = Directory.CreateTempSubdirectory("perenne-disk-").FullName, blobs = Directory.CreateTempSubdirectory("perenne-blobs-").FullName;

    public SmallDatabaseHub() => IsMounted = OperatingSystem.IsLinux() && Environment.UserName == "root" && Run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk);

    public bool IsMounted { get; }

    protected override IEnumerable<string> Settings => ["--Hub:DataFolder", Path.Combine(disk, "data"), "--Hub:Blobs:Folder", blobs];

    private string Ballast => Path.Combine(disk, "ballast");

    internal void Fill()
    {
        using FileStream file = File.Create(Ballast);
        byte[] page = new byte[4096];
        try
        {
            while (true)
                file.Write(page);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    internal void Empty() => File.Delete(Ballast);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
        if (IsMounted)
            Run("umount", "--lazy", disk);
        Directory.Delete(disk, recursive: true);
        Directory.Delete(blobs, recursive: true);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

public sealed class FullDatabaseTests(SmallDatabaseHub hub) : IntakeBase(hub), IClassFixture<SmallDatabaseHub>
{
    [Fact]
    public async Task A_full_database_refuses_writing_with_a_sentence_goes_on_reading_and_takes_the_file_once_there_is_room()
    {
        SmallDatabaseHub disk = (SmallDatabaseHub)Hub;
        if (!disk.IsMounted)
            Assert.Skip("A small disk can be mounted by root on Linux only.");
        (HttpClient client, string address, TestProject project) = await Plant();
        Assert.Equal(1, (await Send(client, address, Pictures.Png(900), "a.png")).Stored);
        disk.Fill();

        byte[] file = Pictures.Png(901);
        HttpResponseMessage answer = await Post(client, address, file);
        for (int n = 902; answer.IsSuccessStatusCode && n < 1000; n++) // What the log file had room for already.
            answer = await Post(client, address, file = Pictures.Png(n));
        Assert.Contains("database is full", await Task.FromResult(answer).Refused(HttpStatusCode.InsufficientStorage), StringComparison.Ordinal);
        Assert.Contains("database is full", await client.Post($"{address}/views".Replace($"/organizations/{project.Owner.Slug}", "", StringComparison.Ordinal), new SaveViewRequest("mine", "text=a")).Refused(HttpStatusCode.InsufficientStorage), StringComparison.Ordinal);

        Hub.Time.Skip(TimeSpan.FromMinutes(5)); // When the token was last used would be written now.
        long before = (await client.Get<CountImages.Answer>($"{address}/images/count")).Count;
        Assert.Equal(before, await Hub.Inside(db => db.Set<Image>().CountAsync(i => i.ProjectId == project.Id)));
        Assert.Equal(before, await Hub.Inside(db => db.Set<Arrival>().CountAsync()));

        disk.Empty();
        Assert.Equal(1, (await Send(client, address, file, "b.png")).Stored);
        Assert.Equal(before + 1, (await client.Get<CountImages.Answer>($"{address}/images/count")).Count);
    }

    private static async Task<HttpResponseMessage> Post(HttpClient client, string address, byte[] file)
    {
        using ByteArrayContent content = new(file) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
        return await client.PostAsync($"{address}/images?fileName=more.png", content);
    }
}
