using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Collect;
using Perenne.Hub.Collect;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Collect;

public abstract class IntakeTests(HubFixture hub) : IntakeBase(hub)
{
    [Fact]
    public async Task An_image_that_was_sent_is_listed_counted_and_read_back_byte_for_byte()
    {
        (HttpClient client, string address, TestProject project) = await Plant();
        byte[] file = Pictures.Png(1);
        FileVerdict verdict = Assert.Single((await Send(client, address, file, "board 1.png", "&camera=top&partId=P7&metadata=" + Uri.EscapeDataString("""{"line":"3"}"""))).Files);
        Assert.Equal((FileOutcome.Stored, "board 1.png", Convert.ToHexStringLower(SHA256.HashData(file))), (verdict.Outcome, verdict.Name, verdict.Hash));

        ImagePage page = (await client.GetFromJsonAsync<ImagePage>($"{address}/images?metadata=line:3&camera=top", HubJson))!;
        ListedImage listed = Assert.Single(page.Images);
        Assert.Equal((verdict.ImageId, 96, 64, "P7"), (listed.Id, listed.Width, listed.Height, listed.PartId));
        Assert.Equal(1, (await client.GetFromJsonAsync<CountImages.Answer>($"{address}/images/count"))!.Count);
        Assert.Equal(file, await client.GetByteArrayAsync($"/api/v1/projects/{project.Slug}/images/{verdict.ImageId}/original"));
    }

    [Fact]
    public async Task The_same_bytes_twice_are_one_image_with_two_arrivals()
    {
        (HttpClient client, string address, _) = await Plant();
        byte[] file = Pictures.Png(2);
        FileVerdict first = Assert.Single((await Send(client, address, file, "a.png")).Files), second = Assert.Single((await Send(client, address, file, "b.png")).Files);
        Assert.Equal((FileOutcome.Duplicate, first.ImageId), (second.Outcome, second.ImageId));
        List<string> arrivals = await Hub.Inside(db => db.Set<Arrival>().Where(a => a.ImageId == first.ImageId).OrderBy(a => a.Id).Select(a => a.FileName).ToListAsync());
        Assert.Equal(["a.png", "b.png"], arrivals);
        Assert.Equal(1, (await client.GetFromJsonAsync<CountImages.Answer>($"{address}/images/count"))!.Count);
    }

    [Fact]
    public async Task Many_senders_of_the_same_files_at_once_make_each_image_once()
    {
        (HttpClient client, string address, TestProject project) = await Plant();
        byte[][] files = [.. Enumerable.Range(100, 8).Select(n => Pictures.Png(n))];
        IntakeAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 4).SelectMany(_ => files).Select((file, n) => Send(client, address, file, $"{n}.png")));
        Assert.Equal((8, 24), (answers.Sum(a => a.Stored), answers.Sum(a => a.Duplicates)));
        Assert.Equal(8, (await client.GetFromJsonAsync<CountImages.Answer>($"{address}/images/count"))!.Count);
        Assert.Equal(32, await Hub.Inside(db => db.Set<Image>().Where(i => i.ProjectId == project.Id).SumAsync(i => i.Arrivals)));
    }

    [Fact]
    public async Task A_form_of_good_and_bad_files_gets_one_verdict_each_and_keeps_the_good()
    {
        (HttpClient client, string address, _) = await Plant();
        byte[] good = Pictures.Jpeg(3);
        using MultipartFormDataContent form = new()
        {
            { new StringContent("top"), "camera" },
            { new ByteArrayContent(good), "files", "good.jpg" },
            { new ByteArrayContent([]), "files", "empty.png" },
            { new ByteArrayContent(good[..(good.Length / 2)]), "files", "truncated.jpg" },
            { new ByteArrayContent("<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray()), "files", "drawing.png" },
            { new ByteArrayContent(Pictures.Png(4)), "files", "../../etc/日本 ä.png" },
        };
        using HttpResponseMessage response = await client.PostAsync($"{address}/images", form);
        IntakeAnswer answer = (await response.Content.ReadFromJsonAsync<IntakeAnswer>(HubJson))!;
        Assert.Equal([FileOutcome.Stored, FileOutcome.Refused, FileOutcome.Refused, FileOutcome.Refused, FileOutcome.Stored], answer.Files.Select(f => f.Outcome));
        Assert.All(answer.Files.Where(f => f.Outcome == FileOutcome.Refused), f => Assert.EndsWith(".", f.Reason, StringComparison.Ordinal));
        Assert.Equal("日本 ä.png", answer.Files[4].Name);
        Assert.Equal(2, (await client.GetFromJsonAsync<CountImages.Answer>($"{address}/images/count"))!.Count);
    }

    [Fact]
    public async Task A_thumbnail_asked_for_at_once_is_there_and_may_be_kept_for_ever()
    {
        (HttpClient client, string address, TestProject project) = await Plant();
        FileVerdict verdict = (await Send(client, address, Pictures.Png(5, 1600, 900), "large.png")).Files[0];
        string image = $"/api/v1/projects/{project.Slug}/images/{verdict.ImageId}";
        using HttpResponseMessage thumbnail = await client.GetAsync(image + "/thumbnail");
        Assert.Equal("image/jpeg", thumbnail.Content.Headers.ContentType?.MediaType);
        Assert.Contains("immutable", thumbnail.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
        using HttpRequestMessage again = new(HttpMethod.Get, image + "/thumbnail");
        again.Headers.IfNoneMatch.Add(thumbnail.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await client.SendAsync(again)).StatusCode);
        using SkiaSharp.SKBitmap tile = SkiaSharp.SKBitmap.Decode(await client.GetByteArrayAsync(image + "/tiles/0/3/1"));
        Assert.Equal((64, 388), (tile.Width, tile.Height));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(image + "/tiles/0/9/0")).StatusCode);
    }

    [Fact]
    public async Task Many_who_look_at_once_at_a_new_image_see_the_same_thumbnail_while_the_background_makes_it()
    {
        (HttpClient client, string address, TestProject project) = await Plant();
        for (int round = 0; round < 3; round++)
        {
            FileVerdict verdict = (await Send(client, address, Pictures.Png(50 + round, 1600, 900), "large.png")).Files[0];
            byte[][] seen = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => client.GetByteArrayAsync($"/api/v1/projects/{project.Slug}/images/{verdict.ImageId}/thumbnail")));
            Assert.All(seen, thumbnail => Assert.Equal(seen[0], thumbnail));
        }
    }

    [Fact]
    public async Task Another_organizations_image_is_not_there()
    {
        (HttpClient client, string address, TestProject project) = await Plant();
        Guid image = (await Send(client, address, Pictures.Png(6), "a.png")).Files[0].ImageId!.Value;
        TestOrganization other = await Hub.Organization("metz");
        HttpClient stranger = Hub.As(await Hub.Person("eve", Role.Administrator, other));
        foreach (string part in new[] { "/original", "/thumbnail", "/tiles/0/0/0" })
            Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/api/v1/projects/{project.Slug}/images/{image}{part}")).StatusCode);
    }

    [Fact]
    public async Task Known_contents_are_named_by_their_hash()
    {
        (HttpClient client, string address, _) = await Plant();
        FileVerdict stored = (await Send(client, address, Pictures.Png(7), "a.png")).Files[0];
        using HttpResponseMessage response = await client.PostAsJsonAsync($"{address}/images/known", new KnownContentsRequest([stored.Hash!, new string('0', 64)]));
        Assert.Equal(stored.ImageId, Assert.Single((await response.Content.ReadFromJsonAsync<KnownContents>())!.Images).Value);
    }
}

public sealed class IntakeOnSqlite(SqliteHub hub) : IntakeTests(hub), IClassFixture<SqliteHub>;

public sealed class IntakeOnPostgres(PostgresHub hub) : IntakeTests(hub), IClassFixture<PostgresHub>;
