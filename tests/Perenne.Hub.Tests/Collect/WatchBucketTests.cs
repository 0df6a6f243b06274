using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Hub.Collect;
using Perenne.Hub.Collect.Watch;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Shared.Work;
using Perenne.TestSupport;

namespace Perenne.Hub.Tests.Collect;

/// <summary>A hub that may watch one prefix of the tests' S3 server, and one bucket that nobody answers for.</summary>
public sealed class BucketWatchingHub : SqliteHub
{
    internal string Prefix { get; } = $"plants-{Path.GetRandomFileName()}/";

    internal override void RequireDatabase() => S3Server.Require();

    protected override IEnumerable<string> Settings => S3Server.Endpoint is not { } endpoint ? [] :
    [
        "--Hub:Images:WatchBuckets:0:Name", "plants", "--Hub:Images:WatchBuckets:0:Endpoint", endpoint, "--Hub:Images:WatchBuckets:0:Bucket", S3Server.Bucket, "--Hub:Images:WatchBuckets:0:Prefix", Prefix,
        "--Hub:Images:WatchBuckets:0:AccessKey", S3Server.AccessKey, "--Hub:Images:WatchBuckets:0:SecretKey", S3Server.SecretKey,
        "--Hub:Images:WatchBuckets:1:Name", "lost", "--Hub:Images:WatchBuckets:1:Endpoint", endpoint, "--Hub:Images:WatchBuckets:1:Bucket", "no-such-bucket",
        "--Hub:Images:WatchBuckets:1:AccessKey", S3Server.AccessKey, "--Hub:Images:WatchBuckets:1:SecretKey", S3Server.SecretKey,
    ];
}

public sealed class WatchBucketTests(BucketWatchingHub hub) : IntakeBase(hub), IClassFixture<BucketWatchingHub>, IDisposable
{
    private readonly AmazonS3Client client = S3Blobs.Connect(new BlobOptions { Endpoint = S3Server.Endpoint, AccessKey = S3Server.AccessKey, SecretKey = S3Server.SecretKey });

    public void Dispose() => client.Dispose();

    [Fact]
    public async Task Objects_below_the_prefix_become_images_once_whatever_is_looked_or_crashes_in_between()
    {
        (TestProject project, WatchedSource source) = await Watch("plants/{0}/line-3", AfterTaking.Keep);
        await Put(project, "line-3/shift 1/日本.png", Pictures.Png(70));
        await Put(project, "line-3/broken.png", Pictures.Png(71)[..50]);
        await Put(project, "line-30/other.png", Pictures.Png(72)); // Not below line-3/.
        await Look(source);
        await Hub.Inside(db => db.Set<WatchedFile>().Where(f => f.SourceId == source.Id).ExecuteUpdateAsync(set => set.SetProperty(f => f.Outcome, (string?)null)));
        await Look(source);
        await Look(source);
        Image image = await Hub.Inside(db => db.Set<Image>().SingleAsync(i => i.ProjectId == project.Id));
        Assert.Equal(("日本.png", 1, "top"), (image.FileName, image.Arrivals, image.Camera));
        Assert.Equal("bucket", await Hub.Inside(db => db.Set<Arrival>().Where(a => a.ImageId == image.Id).Select(a => a.Way).SingleAsync()));
        string refusal = await Hub.Inside(db => db.Set<WatchedFile>().Where(f => f.SourceId == source.Id && f.Path == "broken.png").Select(f => f.Outcome!).SingleAsync());
        Assert.EndsWith(".", refusal, StringComparison.Ordinal);

        await Put(project, "line-3/shift 1/日本.png", Pictures.Png(73));
        await Look(source);
        Assert.Equal(2, await Hub.Inside(db => db.Set<Image>().CountAsync(i => i.ProjectId == project.Id)));
    }

    [Fact]
    public async Task Taken_and_refused_objects_are_moved_where_that_is_wished()
    {
        (TestProject project, WatchedSource source) = await Watch("plants/{0}", AfterTaking.Move);
        await Put(project, "a.png", Pictures.Png(74));
        await Put(project, "notes.txt", "not an image"u8.ToArray());
        await Look(source);
        await Look(source);
        Assert.Null(await Hub.Inside(db => db.Set<WatchedSource>().Where(s => s.Id == source.Id).Select(s => s.Problem).SingleAsync()));
        ListObjectsV2Response left = await client.ListObjectsV2Async(new() { BucketName = S3Server.Bucket, Prefix = Key(project, "") });
        Assert.Equal([Key(project, "done/a.png"), Key(project, "refused/notes.txt")], left.S3Objects.Select(o => o.Key).Order(StringComparer.Ordinal));
        Assert.Equal(1, await Hub.Inside(db => db.Set<Image>().CountAsync(i => i.ProjectId == project.Id)));
    }

    [Fact]
    public async Task A_bucket_that_does_not_answer_is_told_in_a_sentence()
    {
        (TestProject project, WatchedSource source) = await Watch("lost/{0}", AfterTaking.Keep);
        await Look(source);
        HttpClient administrator = Hub.As(await Hub.Person("max", Role.Administrator, project.Owner));
        WatchedRow row = Assert.Single(await administrator.Get<List<WatchedRow>>(Address(project)));
        Assert.Equal(WatchedKind.Bucket, row.Kind);
        Assert.Contains("could not be read", row.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prefix_of_another_organization_or_an_unknown_bucket_is_refused_with_a_sentence()
    {
        TestOrganization lyon = await Hub.Organization("lyon"), metz = await Hub.Organization("metz");
        TestProject project = await Hub.Project("pcb", lyon);
        HttpClient administrator = Hub.As(await Hub.Person("max", Role.Administrator, lyon));
        foreach (string path in new[] { "", "plants", "plants/", $"plants/{metz.Slug}", $"plants/{lyon.Slug}-2/x", $"plants/{lyon.Slug}/../{metz.Slug}", $"other/{lyon.Slug}" })
            Assert.Contains($"plants/{lyon.Slug}/", await administrator.Post(Address(project), new AddWatchedRequest(path, Kind: WatchedKind.Bucket)).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        WatchedRow row = await administrator.Post(Address(project), new AddWatchedRequest($"plants/{lyon.Slug}/line-3/", Kind: WatchedKind.Bucket)).Read<WatchedRow>();
        Assert.Equal($"plants/{lyon.Slug}/line-3", row.Path);
        await administrator.Post(Address(project), new AddWatchedRequest($"plants/{lyon.Slug}/line-3", Kind: WatchedKind.Bucket)).Refused(HttpStatusCode.Conflict);
    }

    private static string Address(TestProject project) => $"/api/v1/organizations/{project.Owner.Slug}/projects/{project.Slug}/watched";

    private string Key(TestProject project, string path) => $"{((BucketWatchingHub)Hub).Prefix}{project.Owner.Slug}/{path}";

    private async Task Put(TestProject project, string path, byte[] content)
    {
        using MemoryStream stream = new(content);
        await client.PutObjectAsync(new() { BucketName = S3Server.Bucket, Key = Key(project, path), InputStream = stream, UseChunkEncoding = false });
    }

    private async Task<(TestProject, WatchedSource)> Watch(string path, AfterTaking after)
    {
        TestOrganization organization = await Hub.Organization("lyon");
        TestProject project = await Hub.Project("pcb", organization);
        // Written straight into the database: the background must not look between the test's own looks.
        WatchedSource source = new()
        {
            Id = Hub.App.Services.GetRequiredService<IdSource>().Next(), OrganizationId = organization.Id, ProjectId = project.Id, Kind = WatchedKind.Bucket,
            Path = string.Format(System.Globalization.CultureInfo.InvariantCulture, path, organization.Slug), Camera = "top", After = after, CreatedAt = Hub.Time.GetUtcNow(),
        };
        await Hub.Inside(db => db.Add(source).Context.SaveChangesAsync());
        return (project, source);
    }

    private Task<TimeSpan?> Look(WatchedSource source) => Hub.Inside(services => services.GetServices<IWorkHandler>().OfType<WatchSource>().Single()
        .RunAsync(new WorkItem { Id = source.Id, OrganizationId = source.OrganizationId, Kind = WorkKinds.Watch, SubjectId = source.Id, DueAt = 0 }, default));
}
