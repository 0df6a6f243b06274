using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect;
using Perenne.Hub.Collect.Gallery;

namespace Perenne.Hub.Tests.Collect;

/// <summary>SQLite's own account of how it reads: a page costs the same at a thousand rows and at a million only if nothing is sorted and nothing but the page is read.</summary>
public sealed class GalleryPlanTests(SqliteHub hub) : HubTests(hub), IClassFixture<SqliteHub>
{
    private static readonly Dictionary<string, ImageFilter> Filters = new()
    {
        ["all"] = new(),
        ["flagged"] = new() { Quality = ImageQuality.Flagged },
        ["one camera's"] = new() { Camera = "top" },
        ["not annotated"] = new() { Annotated = false },
    };

    public static TheoryData<string, string> Pages => [.. Enum.GetNames<ImageSort>().Select(sort => new TheoryDataRow<string, string>(sort, "all")),
        .. Filters.Keys.Select(filter => new TheoryDataRow<string, string>(nameof(ImageSort.Newest), filter))];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_is_read_along_an_index_without_sorting(string sortName, string filterName)
    {
        TestOrganization organization = await Hub.Organization("lyon");
        TestProject project = await Hub.Project("pcb", organization);
        string plan = await Hub.Inside(async db =>
        {
            IQueryable<Image> images = db.Set<Image>().Where(i => i.ProjectId == project.Id && i.OrganizationId == organization.Id);
            await using DbCommand command = ListImages.Listed(Filters[filterName].Apply(images, db).Page(Enum.Parse<ImageSort>(sortName), null).Take(61)).CreateDbCommand();
            command.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
            await db.Database.OpenConnectionAsync();
            await using DbDataReader reader = await command.ExecuteReaderAsync();
            List<string> steps = [];
            while (await reader.ReadAsync())
                steps.Add(reader.GetString(3));
            return string.Join('\n', steps);
        });
        Assert.Contains("USING INDEX ix_images_", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }
}
