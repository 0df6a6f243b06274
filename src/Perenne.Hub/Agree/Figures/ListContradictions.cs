using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Annotate;
using Perenne.Hub.Collect;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;
using Perenne.Vision.Agreement;

namespace Perenne.Hub.Agree.Figures;

internal sealed record ContradictionCamp(string Says, IReadOnlyList<string> People);

/// <param name="Kind">What they contradict each other about: presence (defect or not) weighs most, then the class, then a missed shape.</param>
/// <param name="Camps">Who says what, the smallest camp first; two against eight shows by itself.</param>
/// <param name="Settled">A person has decided about the image since.</param>
internal sealed record ContradictionRow(
    Guid TaskId, Guid CampaignId, Guid ImageId, string FileName, ContradictionKind Kind, int Score, int Answers, int SeeDefect, IReadOnlyList<ContradictionCamp> Camps, int Others, bool Settled);

/// <param name="Next">Give it as "after" for the next page; null on the last.</param>
internal sealed record ContradictionPage(IReadOnlyList<ContradictionRow> Items, string? Next);

/// <summary>The images on which people contradict each other, the most serious first: read along an index, whatever the number of tasks.</summary>
internal sealed class ListContradictions(HubDbContext db)
{
    public const int MostListed = 200;

    public async Task<Result<ContradictionPage>> HandleAsync(Guid project, Guid? campaign, bool settled, string? after, int limit, CancellationToken cancel)
    {
        if (limit is < 1 or > MostListed)
            return HubError.Invalid("limit", $"Between 1 and {MostListed} contradictions are listed at once.");
        IQueryable<AgreementItem> items = db.Set<AgreementItem>().AsNoTracking().Where(i => i.Score > 0 && i.ProjectId == project && (settled || !i.IsSettled));
        if (campaign is { } one)
            items = items.Where(i => i.CampaignId == one);
        if (after is not null)
        {
            string[] parts = after.Split('_');
            if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int score) || !Guid.TryParse(parts[1], out Guid task))
                return HubError.Invalid("after", "Give the 'next' of the page before, unchanged.");
            items = items.Where(i => i.Score < score || (i.Score == score && i.TaskId.CompareTo(task) > 0));
        }

        List<AgreementItem> page = await items.OrderByDescending(i => i.Score).ThenBy(i => i.TaskId).Take(limit + 1).ToListAsync(cancel);
        string? next = page.Count > limit ? string.Create(CultureInfo.InvariantCulture, $"{page[limit - 1].Score}_{page[limit - 1].TaskId}") : null;
        return new ContradictionPage(await RowsAsync([.. page.Take(limit)], cancel), next);
    }

    private async Task<IReadOnlyList<ContradictionRow>> RowsAsync(List<AgreementItem> items, CancellationToken cancel)
    {
        Guid[] people = [.. items.SelectMany(i => i.Camps).SelectMany(c => c.People).Distinct()], images = [.. items.Select(i => i.ImageId)];
        Dictionary<Guid, string> names = await db.Users.Where(u => people.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.DisplayName, cancel);
        Dictionary<Guid, string> files = await db.Set<Image>().Where(i => images.Contains(i.Id)).ToDictionaryAsync(i => i.Id, i => i.FileName, cancel);
        return [.. items.Select(i => new ContradictionRow(
            i.TaskId, i.CampaignId, i.ImageId, files.GetValueOrDefault(i.ImageId, "?"), i.Kind!.Value, i.Score, i.Answers, i.SeeDefect,
            [.. i.Camps.Select(c => new ContradictionCamp(c.Says, [.. c.People.Select(p => names.GetValueOrDefault(p, "?")).Order(StringComparer.CurrentCultureIgnoreCase)]))],
            i.Contradictions - 1, i.IsSettled))];
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/projects/{project}/contradictions", async (Guid? campaign, bool? settled, string? after, int? limit, ListContradictions handler, HttpContext http) =>
            (await handler.HandleAsync(http.ProjectId(), campaign, settled ?? false, after, limit ?? 50, http.RequestAborted)).ToOk())
        .Requires(HubAction.ProgressRead).Produces<ContradictionPage>().WithTags("Agreement").WithName("ListContradictions")
        .WithSummary("Images on which annotators contradict each other, the most serious first. Settled ones are left out unless asked for.");
}
