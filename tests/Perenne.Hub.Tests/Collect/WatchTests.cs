using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Hub.Collect;
using Perenne.Hub.Collect.Watch;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Shared.Work;
using Perenne.Hub.Tests.Learn;

namespace Perenne.Hub.Tests.Collect;

/// <summary>A hub that may watch folders below one root. The looks are the tests' own, so that none comes between.</summary>
public sealed class WatchingHub : SqliteHub
{
    public string Root { get; } = Directory.CreateTempSubdirectory("perenne-watch-").FullName;

    protected override IEnumerable<string> Settings => ["--Hub:Images:WatchRoots:0", Root];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
        Directory.Delete(Root, recursive: true);
    }
}

public sealed class WatchTests(WatchingHub hub) : IntakeBase(hub), IClassFixture<WatchingHub>
{
    [Fact]
    public async Task Files_that_rest_become_images_once_whatever_is_looked_or_crashes_in_between()
    {
        (TestProject project, string folder, WatchedRow source) = await Watch(AfterTaking.Keep);
        await File.WriteAllBytesAsync(Path.Combine(folder, "a.png"), Pictures.Png(40));
        await File.WriteAllBytesAsync(Path.Combine(folder, "broken.png"), Pictures.Png(41)[..50]);
        await Look(source);
        Assert.Equal(0, await Images(project)); // Seen; it may still be growing.
        await Rest(source);
        Assert.Equal(1, await Images(project));
        // The hub died after the image was stored and before the file was remembered as taken.
        await Hub.Inside(db => db.Set<WatchedFile>().Where(f => f.SourceId == source.Id).ExecuteUpdateAsync(set => set.SetProperty(f => f.Outcome, (string?)null)));
        await Rest(source);
        await Rest(source);
        Image image = await Hub.Inside(db => db.Set<Image>().SingleAsync(i => i.ProjectId == project.Id));
        Assert.Equal(("a.png", 1, "top"), (image.FileName, image.Arrivals, image.Camera));
        string refusal = await Hub.Inside(db => db.Set<WatchedFile>().Where(f => f.SourceId == source.Id && f.Path == "broken.png").Select(f => f.Outcome!).SingleAsync());
        Assert.EndsWith(".", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_still_written_waits_and_one_written_again_is_taken_again()
    {
        (TestProject project, string folder, WatchedRow source) = await Watch(AfterTaking.Keep);
        string file = Path.Combine(folder, "live.png");
        await File.WriteAllBytesAsync(file, Pictures.Png(42)[..100]);
        await Look(source);
        Hub.Time.Skip(TimeSpan.FromSeconds(10));
        await File.WriteAllBytesAsync(file, Pictures.Png(42));
        await Look(source);
        Assert.Equal(0, await Images(project));
        await Rest(source);
        Assert.Equal(1, await Images(project));
        await File.WriteAllBytesAsync(file, Pictures.Png(43));
        await Look(source);
        await Rest(source);
        Assert.Equal(2, await Images(project));
    }

    [Fact]
    public async Task Taken_and_refused_files_are_moved_where_that_is_wished()
    {
        (TestProject project, string folder, WatchedRow source) = await Watch(AfterTaking.Move);
        Directory.CreateDirectory(Path.Combine(folder, "shift 1"));
        await File.WriteAllBytesAsync(Path.Combine(folder, "shift 1", "日本.png"), Pictures.Png(44));
        await File.WriteAllTextAsync(Path.Combine(folder, "notes.txt"), "not an image");
        File.CreateSymbolicLink(Path.Combine(folder, "link.png"), "/etc/hostname");
        await Look(source);
        await Rest(source);
        Assert.True(File.Exists(Path.Combine(folder, "done", "shift 1", "日本.png")));
        Assert.True(File.Exists(Path.Combine(folder, "refused", "notes.txt")));
        await Rest(source);
        Assert.Equal(1, await Images(project));
        Assert.Equal(2, await Hub.Inside(db => db.Set<WatchedFile>().CountAsync(f => f.SourceId == source.Id)));
    }

    [Fact]
    public async Task A_folder_outside_the_roots_of_another_organization_or_behind_a_link_is_refused_with_a_sentence()
    {
        (HttpClient client, string address, TestProject project) = await Administrator();
        TestOrganization other = await Hub.Organization("metz");
        string own = Folder(project.Owner), theirs = Folder(other), link = Path.Combine(own, "link");
        Directory.CreateSymbolicLink(link, theirs);
        foreach (string path in new[] { "/etc", theirs, Path.Combine(own, "..", other.Slug), Path.Combine(own, "absent"), "relative", link, Path.Combine(link, "."), own + "-2" })
            Assert.EndsWith(".", await client.Post($"{address}/watched", new AddWatchedRequest(path)).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        await client.Post($"{address}/watched", new AddWatchedRequest(own)).Done();
        await client.Post($"{address}/watched", new AddWatchedRequest(own)).Refused(HttpStatusCode.Conflict);
        HttpClient scientist = Hub.As(await Hub.Person("sam", Role.DataScientist, project.Owner));
        await scientist.Post($"{address}/watched", new AddWatchedRequest(own)).Refused(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_paused_or_deleted_source_takes_nothing_and_a_lost_folder_is_told()
    {
        (TestProject project, string folder, WatchedRow source) = await Watch(AfterTaking.Keep);
        (HttpClient client, string address) = (Hub.As(await Hub.Person("max", Role.Administrator, project.Owner)), $"/api/v1/organizations/{project.Owner.Slug}/projects/{project.Slug}/watched");
        await client.Put($"{address}/{source.Id}", new EditWatchedRequest("top", IsPaused: true)).Done();
        await File.WriteAllBytesAsync(Path.Combine(folder, "a.png"), Pictures.Png(45));
        await Look(source);
        await Rest(source);
        Assert.Equal(0, await Images(project));
        await client.Put($"{address}/{source.Id}", new EditWatchedRequest("top")).Done();
        Directory.Delete(folder, recursive: true);
        // Editing woke the background, whose look may have begun before the folder went and may end after ours.
        WatchedRow lost = await Learning.UntilAsync(async () =>
        {
            await Look(source);
            return Assert.Single(await client.Get<List<WatchedRow>>(address));
        }, row => row.Problem is not null);
        Assert.Contains("no folder", lost.Problem, StringComparison.Ordinal);
        await client.DeleteAsync($"{address}/{source.Id}").Done();
        Assert.Empty(await client.Get<List<WatchedRow>>(address));
    }

    private async Task<(HttpClient, string, TestProject)> Administrator()
    {
        TestOrganization organization = await Hub.Organization("lyon");
        TestProject project = await Hub.Project("pcb", organization);
        return (Hub.As(await Hub.Person("max", Role.Administrator, organization)), $"/api/v1/organizations/{organization.Slug}/projects/{project.Slug}", project);
    }

    private async Task<(TestProject, string, WatchedRow)> Watch(AfterTaking after)
    {
        (_, _, TestProject project) = await Administrator();
        string folder = Folder(project.Owner);
        // Written straight into the database: the background must not look between the test's own looks.
        WatchedSource source = new()
        {
            Id = Hub.App.Services.GetRequiredService<IdSource>().Next(), OrganizationId = project.Owner.Id, ProjectId = project.Id, Kind = WatchedKind.Folder,
            Path = folder, Camera = "top", After = after, CreatedAt = Hub.Time.GetUtcNow(),
        };
        await Hub.Inside(db =>
        {
            db.Add(source);
            return db.SaveChangesAsync();
        });
        return (project, folder, new(source.Id, WatchedKind.Folder, folder, "top", null, after, false, null, 0, 0, null));
    }

    private string Folder(TestOrganization organization) => Directory.CreateDirectory(Path.Combine(((WatchingHub)Hub).Root, organization.Slug)).FullName;

    private Task<int> Images(TestProject project) => Hub.Inside(db => db.Set<Image>().CountAsync(i => i.ProjectId == project.Id));

    private Task Rest(WatchedRow source)
    {
        Hub.Time.Skip(TimeSpan.FromSeconds(10));
        return Look(source);
    }

    private Task<TimeSpan?> Look(WatchedRow source) => Hub.Inside(services => services.GetServices<IWorkHandler>().OfType<WatchSource>().Single()
        .RunAsync(new WorkItem { Id = source.Id, OrganizationId = source.Id, Kind = WorkKinds.Watch, SubjectId = source.Id, DueAt = 0 }, default));
}
