using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Collect;
using Perenne.Hub.Collect;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Collect;

/// <summary>A real hub process that dies without warning while files come in.</summary>
public sealed class KillTests
{
    private const int Count = 40;

    private static readonly byte[][] Files = [.. Enumerable.Range(500, Count).Select(n => Pictures.Png(n, 320, 240))];

    [Fact]
    public async Task An_import_whose_hub_is_killed_is_completed_by_the_same_again_with_every_image_once_and_whole()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        await using SqliteHub setUp = new();
        await setUp.InitializeAsync();
        TestOrganization organization = await setUp.Organization("lyon");
        TestProject project = await setUp.Project("pcb", organization);
        TestPerson person = await setUp.Person("ada", Role.DataScientist, organization);
        await setUp.App.StopAsync(cancel);
        string address = $"api/v1/organizations/{organization.Slug}/projects/{project.Slug}/images";

        foreach (int verdicts in new[] { 3, 17 })
        {
            (Process process, HttpClient client) = await HubProcess.StartAsync(setUp.Folder, person.Token, cancel);
            int seen = 0;
            await Task.WhenAll(Enumerable.Range(0, 4).Select(async lane =>
            {
                for (int n = lane; n < Count; n += 4)
                {
                    try
                    {
                        await SendAsync(client, address, n, cancel);
                        if (Interlocked.Increment(ref seen) == verdicts)
                            process.Kill(); // SIGKILL: three other files are on their way.
                    }
                    catch (Exception error) when (error is HttpRequestException or IOException)
                    {
                        return;
                    }
                }
            }));
            await process.WaitForExitAsync(cancel);
            Assert.True(seen < Count, "The hub finished before it was killed.");
            process.Dispose();
            client.Dispose();
        }

        (Process last, HttpClient again) = await HubProcess.StartAsync(setUp.Folder, person.Token, cancel);
        try
        {
            List<FileVerdict> verdicts = [];
            for (int n = 0; n < Count; n++)
                verdicts.Add(await SendAsync(again, address, n, cancel));
            Assert.DoesNotContain(verdicts, v => v.Outcome == FileOutcome.Refused);
            Assert.Contains(verdicts, v => v.Outcome == FileOutcome.Duplicate);
            Assert.Contains(verdicts, v => v.Outcome == FileOutcome.Stored);
            Assert.Equal(Count, (await again.Get<CountImages.Answer>($"{address}/count")).Count);
            foreach ((FileVerdict verdict, byte[] file) in verdicts.Zip(Files))
                Assert.Equal(file, await again.GetByteArrayAsync($"api/v1/projects/{project.Slug}/images/{verdict.ImageId}/original", cancel));
            Assert.Equal(Count, await setUp.Inside(db => db.Set<Image>().Where(i => i.ProjectId == project.Id).Select(i => i.ContentHash).Distinct().CountAsync()));
            await AssertWholeAsync(new FolderBlobs(Path.Combine(setUp.Folder, "blobs"), TimeProvider.System), organization.Id, cancel);
            // The folders of the two dead processes are gone; the living one's and the set-up's are there.
            Assert.Equal(2, Directory.EnumerateDirectories(Path.Combine(setUp.Folder, "blobs", ".staging")).Count());
        }
        finally
        {
            last.Kill();
            await last.WaitForExitAsync(cancel);
            last.Dispose();
            again.Dispose();
        }
    }

    /// <summary>Whatever lies at an address hashes to it.</summary>
    private static async Task AssertWholeAsync(FolderBlobs blobs, Guid organization, CancellationToken cancel)
    {
        int found = 0;
        await foreach (StoredBlob blob in blobs.ListAsync(organization, BlobKind.Original, cancel))
        {
            await using Stream content = (await blobs.OpenAsync(new(organization, BlobKind.Original, blob.Hash), cancel))!;
            Assert.Equal(blob.Hash, Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancel)));
            found++;
        }

        Assert.Equal(Count, found);
    }

    private static async Task<FileVerdict> SendAsync(HttpClient client, string address, int number, CancellationToken cancel)
    {
        using ByteArrayContent content = new(Files[number]) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
        using HttpResponseMessage response = await client.PostAsync($"{address}?fileName={number}.png", content, cancel);
        return Assert.Single((await response.Read<IntakeAnswer>()).Files);
    }
}
