using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Contracts.Collect;
using Perenne.Hub.Collect;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Collect.Sweep;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Collect;

public abstract class EditTests(HubFixture hub) : IntakeBase(hub)
{
    [Fact]
    public async Task Edited_metadata_is_found_by_the_filters_and_the_history_says_what_was()
    {
        (HttpClient client, string address, TestProject project) = await Plant();
        Guid id = (await Send(client, address, Pictures.Png(20), "a.png", "&camera=top&metadata=" + Uri.EscapeDataString("""{"line":"3","shift":"day"}"""))).Files[0].ImageId!.Value;
        string image = $"/api/v1/projects/{project.Slug}/images/{id}";
        await client.Put(image + "/metadata", new { camera = "side", partId = "P9", capturedAt = "2026-05-04T13:45:00+02:00", metadata = new { line = "4" } }).Done();

        Assert.Empty((await client.Get<ImagePage>($"{address}/images?camera=top")).Images);
        Assert.Empty((await client.Get<ImagePage>($"{address}/images?metadata=shift")).Images);
        Assert.Equal("P9", Assert.Single((await client.Get<ImagePage>($"{address}/images?camera=side&metadata=line:4&text=p9")).Images).PartId);
        GetImage.Answer answer = await client.Get<GetImage.Answer>(image);
        Assert.Equal("4", answer.Metadata["line"]);
        GetImage.HistoryEntry edit = answer.History.Single(e => e.Kind == "metadata.edited");
        Assert.Contains("\"before\":{\"camera\":\"top\"", edit.Detail, StringComparison.Ordinal);
        await client.Put(image + "/metadata", new { metadata = new Dictionary<string, string> { ["a:b"] = "c" } }).Refused(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_deleted_image_is_gone_from_gallery_count_and_store_unless_another_project_has_it()
    {
        (HttpClient client, string address, TestProject project) = await Plant();
        TestProject second = await Hub.Project("weld", project.Owner);
        byte[] file = Pictures.Png(21);
        FileVerdict here = (await Send(client, address, file, "a.png")).Files[0];
        FileVerdict there = (await Send(client, $"/api/v1/organizations/{project.Owner.Slug}/projects/{second.Slug}", file, "a.png")).Files[0];
        Assert.NotEqual(here.ImageId, there.ImageId);
        BlobKey key = new(project.Owner.Id, BlobKind.Original, here.Hash!);
        IBlobStore blobs = Hub.App.Services.GetRequiredService<IBlobStore>();
        Hub.Time.Skip(TimeSpan.FromHours(2));

        await client.DeleteAsync($"/api/v1/projects/{project.Slug}/images/{here.ImageId}").Done();
        Assert.Equal(0, (await client.Get<CountImages.Answer>($"{address}/images/count")).Count);
        await client.GetAsync($"/api/v1/projects/{project.Slug}/images/{here.ImageId}").Refused(HttpStatusCode.NotFound);
        Assert.Equal(file, await client.GetByteArrayAsync($"/api/v1/projects/{second.Slug}/images/{there.ImageId}/original"));
        Assert.Equal("a.png", await Hub.Inside(db => db.Set<AuditEntry>().Where(a => a.OrganizationId == project.Owner.Id && a.Action == "image.deleted").Select(a => a.Subject).SingleAsync()));

        await client.DeleteAsync($"/api/v1/projects/{second.Slug}/images/{there.ImageId}").Done();
        Assert.False(await blobs.ExistsAsync(key, default));
        Assert.Equal(FileOutcome.Stored, (await Send(client, address, file, "again.png")).Files[0].Outcome);
    }

    [Fact]
    public async Task A_cluster_that_loses_its_first_image_is_named_after_the_next_and_ends_with_one()
    {
        (HttpClient client, string address, TestProject project) = await Plant();
        Guid[] ids = [.. await Task.WhenAll(new[] { 70, 80, 90 }.Select(async quality => (await Send(client, address, Pictures.Jpeg(22, 320, 240, quality), $"{quality}.jpg")).Files[0].ImageId!.Value))];
        Array.Sort(ids, (a, b) => string.CompareOrdinal(a.ToString(), b.ToString()));
        Assert.All(await Clusters(project), cluster => Assert.NotNull(cluster));
        await client.DeleteAsync($"/api/v1/projects/{project.Slug}/images/{ids[0]}").Done();
        Assert.Equal([ids[1], ids[1]], await Clusters(project));
        Assert.Equal(ids[1], Assert.Single((await client.Get<ImagePage>($"{address}/images?duplicates=false")).Images).Id);
        await client.DeleteAsync($"/api/v1/projects/{project.Slug}/images/{ids[1]}").Done();
        Assert.Equal([null], await Clusters(project));
        Assert.Equal(ids[2], (await Hub.Inside(db => db.Set<NearDuplicateHash>().Where(h => h.ProjectId == project.Id).Select(h => h.FirstImageId).ToListAsync())).Single());
    }

    [Fact]
    public async Task The_sweep_takes_old_blobs_without_a_row_and_leaves_images_and_young_blobs()
    {
        (HttpClient client, string address, TestProject project) = await Plant();
        FileVerdict image = (await Send(client, address, Pictures.Png(23), "a.png")).Files[0];
        IBlobStore blobs = Hub.App.Services.GetRequiredService<IBlobStore>();
        BlobKey old = await Orphan(blobs, project, new string('a', 64)), renewed = await Orphan(blobs, project, new string('b', 64));
        Hub.Time.Skip(TimeSpan.FromHours(2));
        bool isOurClock = blobs is FolderBlobs; // An object store writes its own time, which a test cannot move.
        if (isOurClock)
            await Orphan(blobs, project, new string('b', 64)); // An import that has stored and not yet recorded it.
        await Sweep();
        Assert.False(await blobs.ExistsAsync(old, default));
        Assert.Equal(isOurClock, await blobs.ExistsAsync(renewed, default));
        Assert.True(await blobs.ExistsAsync(new(project.Owner.Id, BlobKind.Original, image.Hash!), default));
    }

    [Fact]
    public async Task A_saved_view_is_its_owners_until_it_is_shared()
    {
        (HttpClient client, _, TestProject project) = await Plant();
        HttpClient colleague = Hub.As(await Hub.Person("bea", Role.Annotator, project.Owner));
        string views = $"/api/v1/projects/{project.Slug}/views";
        SavedViewRow view = await client.Post(views, new SaveViewRequest("Night shift", "?quality=flagged&metadata=shift:night")).Read<SavedViewRow>();
        Assert.Equal("quality=flagged&metadata=shift:night", view.Query);
        Assert.Empty(await colleague.Get<List<SavedViewRow>>(views));
        await client.Post(views, new SaveViewRequest("Night shift", "")).Refused(HttpStatusCode.Conflict);
        Assert.Contains("'colour'", await client.Post(views, new SaveViewRequest("x", "colour=red")).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);

        await client.Put($"{views}/{view.Id}", new SaveViewRequest("Night", "quality=flagged", IsShared: true)).Done();
        SavedViewRow seen = Assert.Single(await colleague.Get<List<SavedViewRow>>(views));
        Assert.Equal(("Night", false), (seen.Name, seen.IsMine));
        await colleague.DeleteAsync($"{views}/{view.Id}").Refused(HttpStatusCode.NotFound);
        await client.DeleteAsync($"{views}/{view.Id}").Done();
        Assert.Empty(await client.Get<List<SavedViewRow>>(views));
    }

    private Task<int> Sweep() => Hub.Inside(services => services.GetRequiredService<BlobSweep>().RunAsync(default));

    private Task<List<Guid?>> Clusters(TestProject project) =>
        Hub.Inside(db => db.Set<Image>().Where(i => i.ProjectId == project.Id).OrderBy(i => i.Id).Select(i => i.ClusterId).ToListAsync());

    private async Task<BlobKey> Orphan(IBlobStore blobs, TestProject project, string hash)
    {
        string file = Path.Combine(Hub.Folder, Path.GetRandomFileName());
        await File.WriteAllTextAsync(file, "left behind");
        BlobKey key = new(project.Owner.Id, BlobKind.Original, hash);
        await blobs.PutAsync(key, file, default);
        return key;
    }
}

public sealed class EditsOnSqlite(SqliteHub hub) : EditTests(hub), IClassFixture<SqliteHub>;

public sealed class EditsOnPostgres(PostgresHub hub) : EditTests(hub), IClassFixture<PostgresHub>;
