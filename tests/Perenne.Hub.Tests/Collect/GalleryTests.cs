using Microsoft.Extensions.DependencyInjection;
using Perenne.Hub.Collect;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Collect;

public abstract class GalleryTests(HubFixture hub) : HubTests(hub)
{
    [Theory]
    [InlineData(nameof(ImageSort.Newest))]
    [InlineData(nameof(ImageSort.Oldest))]
    [InlineData(nameof(ImageSort.Captured))]
    [InlineData(nameof(ImageSort.WorstQuality))]
    public async Task Pages_forward_and_back_again_show_every_image_once_in_order(string sortName)
    {
        ImageSort sort = Enum.Parse<ImageSort>(sortName);
        (TestProject project, TestPerson person, List<Image> all) = await TwoPlants(31);
        List<Guid> expected = [.. Sorted(all, sort).Select(i => i.Id)];

        List<Guid> forward = [];
        ImagePage page = await List(project, person, new() { }, sort, null);
        List<List<Guid>> pages = [[.. page.Images.Select(i => i.Id)]];
        while (page.Next is { } next)
            pages.Add([.. (page = await List(project, person, new(), sort, next)).Images.Select(i => i.Id)]);
        pages.ForEach(forward.AddRange);
        Assert.Equal(expected, forward);

        for (int back = pages.Count - 2; back >= 0; back--)
        {
            page = await List(project, person, new(), sort, page.Previous);
            Assert.Equal(pages[back], page.Images.Select(i => i.Id));
        }

        Assert.Null(page.Previous);
    }

    [Fact]
    public async Task Each_filter_leaves_exactly_the_images_it_names()
    {
        (TestProject project, TestPerson person, List<Image> all) = await TwoPlants(30);
        (ImageFilter Filter, Func<Image, bool> Wanted)[] cases =
        [
            (new() { Camera = "top" }, i => i.Camera == "top"),
            (new() { Quality = ImageQuality.Flagged }, i => i.Quality == ImageQuality.Flagged),
            (new() { Reason = "blurred" }, i => i.QualityReasons.Contains("|blurred|", StringComparison.Ordinal)),
            (new() { Annotated = true }, i => i.IsAnnotated),
            (new() { Annotated = false, Camera = "side" }, i => !i.IsAnnotated && i.Camera == "side"),
            (new() { Text = "BOARD-7" }, i => i.FileName.Contains("board-7", StringComparison.Ordinal)),
            (new() { Metadata = ["line:2"] }, i => i.MetadataRows.Any(m => m is { Key: "line", Value: "2" })),
            (new() { Metadata = ["line"] }, i => i.MetadataRows.Count > 0),
            (new() { From = all[10].CapturedAt, To = all[20].CapturedAt }, i => i.CapturedAt >= all[10].CapturedAt && i.CapturedAt < all[20].CapturedAt),
            (new() { Batch = "b1" }, i => i.Batch == "b1"),
            (new() { Organization = [all[1].OrganizationId.ToString()] }, i => i.OrganizationId == all[1].OrganizationId),
        ];
        foreach ((ImageFilter filter, Func<Image, bool> wanted) in cases)
        {
            ImagePage page = await List(project, person, filter, ImageSort.Oldest, null, 100);
            Assert.Equal(Sorted([.. all.Where(wanted)], ImageSort.Oldest).Select(i => i.Id), page.Images.Select(i => i.Id));
            CountImages.Answer count = await Count(project, person, filter);
            Assert.Equal(new(filter.IsCounted ? 0 : all.Count(wanted), IsExact: true), count); // Rows without counters: the counted ones are tested where images arrive.
        }
    }

    [Fact]
    public async Task A_made_up_cursor_is_refused_with_a_sentence()
    {
        (TestProject project, TestPerson person, _) = await TwoPlants(1);
        using HttpResponseMessage answer = await Hub.As(person).GetAsync($"/api/v1/projects/{project.Slug}/images?cursor=nonsense");
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("without it", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<(TestProject, TestPerson, List<Image>)> TwoPlants(int count)
    {
        TestOrganization lyon = await Hub.Organization("lyon"), metz = await Hub.Organization("metz");
        TestProject project = await Hub.Project("pcb", lyon, metz);
        TestPerson person = await Hub.Person("ada", Role.DataScientist, lyon);
        await Hub.Inside(async db =>
        {
            db.Add(new Hub.Organizations.Membership { Id = Images.New(lyon, project, 0).Id, UserId = person.Id, OrganizationId = metz.Id, Role = Role.Annotator, CreatedAt = Hub.Time.GetUtcNow() });
            return await db.SaveChangesAsync();
        });
        DateTimeOffset start = new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);
        List<Image> images = [.. Enumerable.Range(0, count).Select(n =>
        {
            Image image = Images.New(n % 3 == 1 ? metz : lyon, project, n);
            image.Camera = n % 2 == 0 ? "top" : "side";
            image.CapturedAt = start.AddMinutes(n / 2);
            image.Quality = n % 5 == 0 ? ImageQuality.Flagged : ImageQuality.Usable;
            image.QualityScore = n % 4 / 4.0;
            image.QualityReasons = n % 5 == 0 ? "|blurred|dark|" : "";
            image.IsAnnotated = n % 6 == 0;
            image.Batch = "b" + (n % 4);
            if (n % 7 == 0)
                image.MetadataRows.Add(new() { ImageId = image.Id, OrganizationId = image.OrganizationId, ProjectId = project.Id, Key = "line", Value = (n % 3).ToString(System.Globalization.CultureInfo.InvariantCulture) });
            return image;
        })];
        await Hub.Inside(async db =>
        {
            db.AddRange(images);
            return await db.SaveChangesAsync();
        });
        return (project, person, images);
    }

    private static IEnumerable<Image> Sorted(List<Image> images, ImageSort sort) => sort switch
    {
        ImageSort.Newest => images.OrderByDescending(i => i.Id),
        ImageSort.Oldest => images.OrderBy(i => i.Id),
        ImageSort.Captured => images.OrderByDescending(i => i.CapturedAt).ThenByDescending(i => i.Id),
        _ => images.OrderBy(i => i.QualityScore).ThenBy(i => i.Id),
    };

    private Task<ImagePage> List(TestProject project, TestPerson person, ImageFilter filter, ImageSort sort, string? cursor, int size = 7) =>
        Hub.Inside(async services => (await services.GetRequiredService<ListImages.Handler>().HandleAsync(new(project.Id, null, filter, sort, cursor, size), default)).Value);

    private Task<CountImages.Answer> Count(TestProject project, TestPerson person, ImageFilter filter) =>
        Hub.Inside(async services => (await services.GetRequiredService<CountImages.Handler>().HandleAsync(new(project.Id, null, filter), default)).Value);
}

public sealed class GalleryOnSqlite(SqliteHub hub) : GalleryTests(hub), IClassFixture<SqliteHub>;

public sealed class GalleryOnPostgres(PostgresHub hub) : GalleryTests(hub), IClassFixture<PostgresHub>;
