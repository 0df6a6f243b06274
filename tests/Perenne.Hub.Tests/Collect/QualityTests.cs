using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Hub.Collect;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Work;
using Perenne.Imaging;

namespace Perenne.Hub.Tests.Collect;

public abstract class QualityTests(HubFixture hub) : IntakeBase(hub)
{
    [Fact]
    public async Task Overruling_needs_a_reason_is_recorded_moves_the_counters_and_can_be_taken_back()
    {
        (HttpClient client, string address, TestProject project) = await Plant();
        Guid id = (await Send(client, address, Pictures.Png(41), "a.png", "&camera=top")).Files[0].ImageId!.Value;
        string image = $"/api/v1/projects/{project.Slug}/images/{id}";
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PutAsJsonAsync($"{image}/quality", new { verdict = "rejected", reason = " " })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await client.PutAsJsonAsync($"{image}/quality", new { verdict = "rejected", reason = "A glove covers the part." })).StatusCode);
        Assert.Equal((0, 1), (await Count(client, address, "usable"), await Count(client, address, "rejected")));
        string shown = await client.GetStringAsync(image);
        Assert.Contains("A glove covers the part.", shown, StringComparison.Ordinal);
        Assert.Contains("quality.overruled", shown, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await client.PutAsJsonAsync($"{image}/quality", new { verdict = (string?)null })).StatusCode);
        Assert.Equal((1, 0), (await Count(client, address, "usable"), await Count(client, address, "rejected")));
    }

    [Fact]
    public async Task New_thresholds_are_checked_audited_and_judge_the_images_again()
    {
        (HttpClient client, string address, TestProject project) = await Plant();
        await Send(client, address, Pictures.Png(42), "a.png");
        string thresholds = $"/api/v1/projects/{project.Slug}/quality/thresholds";
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PutAsJsonAsync(thresholds, QualityThresholds.Default with { MinEntropy = 9 })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.PutAsJsonAsync(thresholds, QualityThresholds.Default with { MinSide = 100 })).StatusCode);
        Assert.Equal(1, await Hub.Inside(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "quality.thresholds-changed" && e.OrganizationId == project.Owner.Id)));
        await WorkIsDone(project.Id);
        Assert.Equal((0, 1), (await Count(client, address, "usable"), await Count(client, address, "rejected")));
        ImagePage page = (await client.GetFromJsonAsync<ImagePage>($"{address}/images?reason=too-small", HubJson))!;
        Assert.Single(page.Images);
    }

    [Fact]
    public async Task A_cameras_profile_is_learnt_from_its_accepted_images_and_flags_what_is_unlike_them()
    {
        (HttpClient client, string address, TestProject project) = await Plant();
        for (int i = 0; i < 34; i++)
            await Send(client, address, Pictures.Png(500 + i), $"{i}.png", "&camera=top");
        Hub.Time.Skip(TimeSpan.FromSeconds(20));
        Guid profile = await Hub.Inside(db => db.Set<Hub.Quality.CameraProfileRow>().Where(p => p.ProjectId == project.Id).Select(p => p.Id).SingleAsync());
        await WorkIsDone(profile);
        await Send(client, address, Pictures.Jpeg(900, 80, 64), "phone.jpg", "&camera=top");
        ImagePage page = (await client.GetFromJsonAsync<ImagePage>($"{address}/images?reason=not-like-production", HubJson))!;
        Assert.Equal("phone.jpg", Assert.Single(page.Images).FileName);
    }

    private static async Task<long> Count(HttpClient client, string address, string quality) =>
        (await client.GetFromJsonAsync<CountImages.Answer>($"{address}/images/count?quality={quality}"))!.Count;

    private async Task WorkIsDone(Guid subject)
    {
        Hub.App.Services.GetRequiredService<WorkSignal>().Ring();
        for (int i = 0; i < 400 && await Hub.Inside(db => db.Set<WorkItem>().AnyAsync(w => w.SubjectId == subject)); i++)
            await Task.Delay(100);
    }
}

public sealed class QualityOnSqlite(SqliteHub hub) : QualityTests(hub), IClassFixture<SqliteHub>;

public sealed class QualityOnPostgres(PostgresHub hub) : QualityTests(hub), IClassFixture<PostgresHub>;
