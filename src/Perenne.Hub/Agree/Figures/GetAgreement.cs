using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;
using Perenne.Vision.Agreement;

namespace Perenne.Hub.Agree.Figures;

/// <summary>
/// Agreement of a project or of one campaign. Sums per pair of people are counters over everything; what needs the shapes themselves
/// (alphas, classes, intervals) is computed over the latest images, and again only when an answer has come in since.
/// </summary>
internal sealed class GetAgreement(HubDbContext db, CurrentAccess access, AgreementCache cache, Annotate.GoldTasks known)
{
    private const int MostSampled = 400;

    private const int Resamples = 200;

    public async Task<Result<AgreementReport>> HandleAsync(Guid project, Guid? campaign, CancellationToken cancel)
    {
        if (campaign is { } named && !await db.Set<Annotate.Campaign>().AnyAsync(c => c.Id == named && c.ProjectId == project, cancel))
            return HubError.NotFound("The campaign");
        IQueryable<AgreementItem> scope = campaign is { } one
            ? db.Set<AgreementItem>().AsNoTracking().Where(i => i.CampaignId == one)
            : db.Set<AgreementItem>().AsNoTracking().Where(i => i.ProjectId == project);
        List<AgreementItem> items = await scope.OrderByDescending(i => i.At).ThenBy(i => i.TaskId).Take(MostSampled).ToListAsync(cancel);
        int images = items.Count < MostSampled ? items.Count : await scope.CountAsync(cancel);
        List<AgreementTotal> totals = await db.Set<AgreementTotal>().AsNoTracking()
            .Where(t => t.Images > 0 && (campaign == null ? db.Set<Annotate.Campaign>().Any(c => c.Id == t.CampaignId && c.ProjectId == project) : t.CampaignId == campaign)).ToListAsync(cancel);
        ShapeAgreementReport shapes = await ShapesAsync(project, campaign, items, images, cancel);
        AgreementNames names = await AgreementNames.ReadAsync(db, totals, items, cancel);
        Dictionary<Guid, (int Answers, double F1)> gold = await known.ScoresAsync(project, campaign, cancel);
        return AgreementTables.Build(images, items, totals, shapes, names, gold);
    }

    private async Task<ShapeAgreementReport> ShapesAsync(Guid project, Guid? campaign, List<AgreementItem> items, int images, CancellationToken cancel)
    {
        // What one person sees may differ from what another does: the organizations in sight are part of the key.
        string key = $"{project}|{campaign}|{images}|{items.Count}|{(items.Count == 0 ? 0 : items[0].At.UtcTicks)}|{access.Scope.Everything}|{string.Join(',', access.Scope.Organizations.Order())}";
        if (cache.Find(key) is { } known)
            return known;
        Dictionary<Guid, AgreementItem> byTask = items.ToDictionary(i => i.TaskId);
        List<SubmittedAnswer> answers = await TaskAnswers.ReadAsync(db, [.. byTask.Keys], cancel);
        IEnumerable<AnnotatedImage> compared = answers.GroupBy(a => a.TaskId).Select(g => new AnnotatedImage(
            g.Key.ToString(), byTask[g.Key].OrganizationId.ToString(), [.. g.Select(a => a.Document.ToAnswer(a.PersonId))]));
        ShapeAgreementReport report = ShapeAgreement.Evaluate(compared, new(DocumentAgreement.IouThreshold, Resamples));
        cache.Keep(key, report);
        return report;
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/projects/{project}/agreement", async (Guid? campaign, GetAgreement handler, HttpContext http) =>
            (await handler.HandleAsync(http.ProjectId(), campaign, http.RequestAborted)).ToOk())
        .Requires(HubAction.ProgressRead).Produces<AgreementReport>().WithTags("Agreement").WithName("GetAgreement")
        .WithSummary("How well annotators agree: overall, per class, organization, person and pair, with intervals. Live: every submit is in it.");
}

/// <summary>Reports that nothing has changed since.</summary>
internal sealed class AgreementCache : IDisposable
{
    private readonly MemoryCache cache = new(new MemoryCacheOptions { SizeLimit = 200 });

    public ShapeAgreementReport? Find(string key) => cache.Get<ShapeAgreementReport>(key);

    public void Keep(string key, ShapeAgreementReport report) => cache.Set(key, report, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = TimeSpan.FromMinutes(10) });

    public void Dispose() => cache.Dispose();
}

internal sealed record AgreementNames(IReadOnlyDictionary<Guid, string> People, IReadOnlyDictionary<Guid, string> Organizations)
{
    public static async Task<AgreementNames> ReadAsync(HubDbContext db, List<AgreementTotal> totals, List<AgreementItem> items, CancellationToken cancel)
    {
        Guid[] people = [.. totals.SelectMany(t => new[] { t.First, t.Second }).Distinct()];
        Guid[] organizations = [.. items.Select(i => i.OrganizationId).Distinct()];
        return new(
            await db.Users.Where(u => people.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.DisplayName, cancel),
            await db.Set<Organization>().Where(o => organizations.Contains(o.Id)).ToDictionaryAsync(o => o.Id, o => o.Name, cancel));
    }
}
