using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Collect;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;
using Perenne.Vision.Sampling;

namespace Perenne.Hub.Datasets;

/// <summary>What was left out on the way, for the warnings.</summary>
internal sealed class LeftOut
{
    public int Unlabelled { get; set; }

    /// <summary>Annotated without a shape, a tag, a value or the answer "no defect".</summary>
    public int Unanswered { get; set; }

    public SortedDictionary<string, int> Classes { get; } = new(StringComparer.Ordinal);
}

/// <summary>A page of the pool with the annotations that speak for its images; an image without one has none.</summary>
/// <param name="Organization">Slug of the organization all of them belong to.</param>
internal sealed record FoundPage(string Organization, IReadOnlyList<PoolImage> Images, IReadOnlyDictionary<Guid, ReadLabel> Labels);

/// <summary>
/// Streams the images a query finds with their annotations, organization by organization and oldest first: a few pages in memory, however many
/// there are. Keyset pages instead of one open query, so that an hour of building holds no transaction. Images and annotations are read side by side, each
/// on a connection of its own.
/// </summary>
internal sealed class DatasetRows(HubDbContext db, CurrentAccess access, IServiceScopeFactory scopes)
{
    private const int PageSize = 1000;

    private static readonly TimeSpan SeenEvery = TimeSpan.FromSeconds(1);

    /// <summary>Page by page.</summary>
    /// <param name="seen">Called after the first page and then once a second with the number of images looked at so far.</param>
    public async IAsyncEnumerable<FoundPage> ReadAsync(
        Guid project, IReadOnlyList<Guid> organizations, DatasetQuery query, bool withMetadata, Func<int, Task> seen, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using AsyncServiceScope beside = scopes.CreateAsyncScope();
        beside.ServiceProvider.GetRequiredService<CurrentAccess>().Grant(access.Actor, access.Scope, access.ProjectId);
        LabelReader labels = beside.ServiceProvider.GetRequiredService<LabelReader>();
        await foreach ((string organization, List<PoolImage> page) in ReadAhead.Of(PagesAsync(project, organizations, query, withMetadata, seen, cancel), cancel))
            yield return new(organization, page, await labels.ReadAsync(project, query, page.ConvertAll(i => i.Id), cancel));
    }

    private async IAsyncEnumerable<(string Organization, List<PoolImage> Images)> PagesAsync(
        Guid project, IReadOnlyList<Guid> organizations, DatasetQuery query, bool withMetadata, Func<int, Task> seen, [EnumeratorCancellation] CancellationToken cancel)
    {
        Dictionary<Guid, string> slugs = await db.Set<Organization>().Where(o => organizations.Contains(o.Id)).ToDictionaryAsync(o => o.Id, o => o.Slug, cancel);
        int looked = 0;
        long said = 0;
        foreach (Guid organization in organizations.Order())
        {
            IQueryable<Image> pool = query.Filter.Apply(db.Set<Image>().AsNoTracking().Where(i => i.ProjectId == project && i.OrganizationId == organization), db);
            for (Guid last = Guid.Empty; ;)
            {
                Guid after = last;
                List<PoolImage> page = await Project(pool.Where(i => i.Id > after).OrderBy(i => i.Id).Take(PageSize), withMetadata).ToListAsync(cancel);
                if (page.Count == 0)
                    break;
                last = page[^1].Id;
                yield return (slugs[organization], page);
                looked += page.Count;
                if (said > 0 && Stopwatch.GetElapsedTime(said) < SeenEvery)
                    continue;
                await seen(looked);
                said = Stopwatch.GetTimestamp();
            }
        }
    }

    /// <summary>The items of a page; what is left out is counted.</summary>
    public static IEnumerable<DatasetItem> Items(FoundPage page, SplitRule split, ClassMap classes, LeftOut leftOut)
    {
        foreach (PoolImage image in page.Images)
        {
            if (!page.Labels.TryGetValue(image.Id, out ReadLabel? label))
                leftOut.Unlabelled++;
            else if (Item(image, page.Organization, label, split, classes, leftOut) is { } item)
                yield return item;
        }
    }

    private static IQueryable<PoolImage> Project(IQueryable<Image> images, bool withMetadata) => images.Select(i => new PoolImage(
        i.Id, i.OrganizationId, i.ContentHash, i.FileName, i.Width, i.Height, i.Camera, i.Station, i.PartId, i.GroupKey, i.ClusterId, i.CapturedAt, i.ArrivedAt,
        i.Quality, i.QualityReasons, withMetadata ? i.Metadata : null));

    internal static DatasetItem? Item(PoolImage image, string organization, ReadLabel label, SplitRule split, ClassMap classes, LeftOut leftOut)
    {
        AnnotationDocument document = label.Document;
        bool answered = document.Shapes.Length + document.Tags.Length + document.Values.Count > 0 || document.Verdict is not null;
        if (!answered)
        {
            leftOut.Unanswered++;
            return null;
        }

        List<DatasetShape> shapes = new(document.Shapes.Length);
        foreach (DocumentShape shape in document.Shapes)
        {
            if (classes.Resolve(shape.Label) is { } one)
                shapes.Add(new(shape, one.Name, one.Id));
            else
                leftOut.Classes[shape.Label] = leftOut.Classes.GetValueOrDefault(shape.Label) + 1;
        }

        List<(string, Guid?)> tags = [.. document.Tags.Select(classes.Resolve).OfType<(string, Guid?)>()];
        // An image whose only defects are of classes that are left out is not a good one; it stays "defects", without shapes.
        ImageVerdict verdict = document.Shapes.Length > 0 || document.Tags.Length > 0 ? ImageVerdict.Defects : document.Verdict ?? ImageVerdict.Defects;
        return new(image, organization, split.Of(image.Group, ImportedSplit(image.Metadata)), label.Source, verdict, shapes, tags, document.Values, HashOf(verdict, shapes, tags, document));
    }

    private static string? ImportedSplit(string? metadata)
    {
        if (metadata is null || !metadata.Contains("\"split\"", StringComparison.Ordinal))
            return null;
        using JsonDocument json = JsonDocument.Parse(metadata);
        return json.RootElement.TryGetProperty("split", out JsonElement split) && split.ValueKind == JsonValueKind.String ? split.GetString() : null;
    }

    // Of what a model can learn from: ids of shapes and who drew them may change without the set becoming another one.
    private static string HashOf(ImageVerdict verdict, List<DatasetShape> shapes, List<(string Name, Guid? Id)> tags, AnnotationDocument document)
    {
        StringBuilder text = new();
        text.Append(verdict).Append('|').AppendJoin(',', tags.Select(t => t.Name)).Append('|');
        foreach ((string name, double value) in document.Values)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{name}={value:R};");
        foreach (DatasetShape one in shapes)
            text.Append('|').Append(one.Label).Append(':').Append(ShapeText.Of(one.Shape));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }
}
