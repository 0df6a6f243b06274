using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Contracts.Collect;
using Perenne.Hub.Collect;
using Perenne.Hub.Collect.Sweep;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Collect;

public abstract class UploadTests(HubFixture hub) : IntakeBase(hub)
{
    // Noise: incompressible, so that it has several pieces.
    private static readonly byte[] Large = Pictures.Noise(1, 1000, 900);

    [Fact]
    public async Task A_file_in_pieces_becomes_the_same_image_as_in_one()
    {
        (HttpClient client, string address, TestProject project) = await Plant();
        UploadState state = await Start(client, address, Large);
        Assert.True(Large.Length > 600_000);
        state = await Piece(client, address, state, Large.AsMemory(0, 300_000)).Read<UploadState>();
        Assert.Equal(300_000, state.Offset);
        using HttpResponseMessage head = await client.SendAsync(new(HttpMethod.Head, $"{address}/uploads/{state.Id}"));
        Assert.Equal("300000", head.Headers.GetValues("Upload-Offset").Single());
        state = await Piece(client, address, state, Large.AsMemory(300_000)).Read<UploadState>();

        FileVerdict verdict = Assert.Single((await Finish(client, address, state).Read<UploadState>()).Answer!.Files);
        Assert.Equal((FileOutcome.Stored, Convert.ToHexStringLower(SHA256.HashData(Large))), (verdict.Outcome, verdict.Hash));
        Assert.Equal(Large, await client.GetByteArrayAsync($"/api/v1/projects/{project.Slug}/images/{verdict.ImageId}/original"));
        Assert.Equal(verdict, Assert.Single((await Finish(client, address, state).Read<UploadState>()).Answer!.Files));
        Assert.Equal(1, await Hub.Inside(db => db.Set<Arrival>().CountAsync(a => a.ImageId == verdict.ImageId)));
        Assert.Equal(0, await Pieces(project));
    }

    [Fact]
    public async Task A_piece_at_another_offset_is_refused_with_the_right_one_and_changes_nothing()
    {
        (HttpClient client, string address, _) = await Plant();
        UploadState state = await Start(client, address, Large);
        UploadState after = await Piece(client, address, state, Large.AsMemory(0, 300_000)).Read<UploadState>();
        Assert.Contains("300000 bytes", await Piece(client, address, state, Large.AsMemory(0, 300_000)).Refused(HttpStatusCode.Conflict), StringComparison.Ordinal);
        Assert.Contains("300000 of", await Finish(client, address, after).Refused(HttpStatusCode.Conflict), StringComparison.Ordinal);
        await Piece(client, address, after, Large.AsMemory(300_000, 1000)).Refused(HttpStatusCode.BadRequest);
        await Piece(client, address, after, new byte[Large.Length]).Refused(HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal(300_000, (await client.Get<UploadState>($"{address}/uploads/{state.Id}")).Offset);
    }

    [Fact]
    public async Task Two_senders_of_the_same_piece_at_once_move_the_offset_once()
    {
        (HttpClient client, string address, _) = await Plant();
        UploadState state = await Start(client, address, Large);
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Piece(client, address, state, Large.AsMemory(0, 300_000))));
        Assert.Equal(1, answers.Count(a => a.IsSuccessStatusCode));
        Assert.All(answers.Where(a => !a.IsSuccessStatusCode), a => Assert.Equal(HttpStatusCode.Conflict, a.StatusCode));
        state = await client.Get<UploadState>($"{address}/uploads/{state.Id}");
        state = await Piece(client, address, state, Large.AsMemory(300_000)).Read<UploadState>();
        Assert.Equal(1, (await Finish(client, address, state).Read<UploadState>()).Answer!.Stored);
    }

    [Fact]
    public async Task Other_bytes_than_announced_and_files_that_are_no_image_get_their_verdict()
    {
        (HttpClient client, string address, _) = await Plant();
        UploadState changed = await Start(client, address, Large);
        byte[] other = [.. Large];
        other[^20] ^= 1;
        changed = await Piece(client, address, changed, other).Read<UploadState>();
        Assert.Contains("changed while", (await Finish(client, address, changed).Read<UploadState>()).Answer!.Files[0].Reason, StringComparison.Ordinal);

        byte[] junk = RandomNumberGenerator.GetBytes(5000);
        UploadState bad = await Start(client, address, junk);
        bad = await Piece(client, address, bad, junk).Read<UploadState>();
        Assert.Equal(1, (await Finish(client, address, bad).Read<UploadState>()).Answer!.Refused);
    }

    [Fact]
    public async Task An_upload_is_its_senders_alone_and_too_many_at_once_are_refused()
    {
        (HttpClient client, string address, TestProject project) = await Plant();
        UploadState state = await Start(client, address, Large);
        HttpClient colleague = Hub.As(await Hub.Person("bea", Role.DataScientist, project.Owner));
        await colleague.GetAsync($"{address}/uploads/{state.Id}").Refused(HttpStatusCode.NotFound);
        for (int n = 1; n < 20; n++)
            await Start(client, address, Large);
        await client.Post($"{address}/uploads", new StartUploadRequest("a.png", 10)).Refused(HttpStatusCode.Conflict);
        await client.DeleteAsync($"{address}/uploads/{state.Id}").Done();
        await Start(client, address, Large);
        await client.Post($"{address}/uploads", new StartUploadRequest("a.png", 1L << 40)).Refused(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_upload_nobody_goes_on_with_expires_and_the_sweep_takes_its_pieces()
    {
        (HttpClient client, string address, TestProject project) = await Plant();
        UploadState state = await Start(client, address, Large);
        await Piece(client, address, state, Large.AsMemory(0, 300_000)).Done();
        Hub.Time.Skip(TimeSpan.FromHours(2));
        await Sweep();
        Assert.Equal(1, await Pieces(project)); // Older than the grace, yet its upload is alive.
        Hub.Time.Skip(TimeSpan.FromHours(25));
        await client.GetAsync($"{address}/uploads/{state.Id}").Refused(HttpStatusCode.NotFound);
        await Sweep();
        Assert.Equal(0, await Pieces(project));
    }

    private Task<int> Sweep() => Hub.Inside(services => services.GetRequiredService<BlobSweep>().RunAsync(default));

    private async Task<int> Pieces(TestProject project) =>
        await Hub.App.Services.GetRequiredService<IBlobStore>().ListAsync(project.Owner.Id, BlobKind.Piece, default).CountAsync();

    private static Task<UploadState> Start(HttpClient client, string address, byte[] file) =>
        client.Post($"{address}/uploads", new StartUploadRequest("large.png", file.Length, Convert.ToHexStringLower(SHA256.HashData(file)))).Read<UploadState>();

    private static Task<HttpResponseMessage> Finish(HttpClient client, string address, UploadState state) => client.PostAsJsonAsync($"{address}/uploads/{state.Id}/finish", new { });

    private static Task<HttpResponseMessage> Piece(HttpClient client, string address, UploadState state, ReadOnlyMemory<byte> bytes)
    {
        HttpRequestMessage request = new(HttpMethod.Patch, $"{address}/uploads/{state.Id}") { Content = new ReadOnlyMemoryContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        request.Headers.Add("Upload-Offset", state.Offset.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return client.SendAsync(request);
    }
}

public sealed class UploadsOnSqlite(SqliteHub hub) : UploadTests(hub), IClassFixture<SqliteHub>;

public sealed class UploadsOnPostgres(PostgresHub hub) : UploadTests(hub), IClassFixture<PostgresHub>;
