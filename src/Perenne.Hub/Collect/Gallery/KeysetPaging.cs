namespace Perenne.Hub.Collect.Gallery;

/// <summary>Orders and continues where the cursor stands: each step reads its page from an index, page 20,000 like page 1.</summary>
internal static class KeysetPaging
{
    /// <summary>One query per organization, each exactly along an index; the caller merges them. Images without a capture time are last in that order.</summary>
    public static IQueryable<Image> Page(this IQueryable<Image> images, ImageSort sort, ImageCursor? cursor)
    {
        bool backwards = cursor?.Backwards == true;
        return sort switch
        {
            ImageSort.Newest => ById(images, cursor, descending: !backwards),
            ImageSort.Oldest => ById(images, cursor, descending: backwards),
            ImageSort.Captured => ByCaptured(images.Where(i => i.CapturedAt != null), cursor, descending: !backwards),
            ImageSort.WorstQuality => ByScore(images, cursor, descending: backwards),
            _ => throw new ArgumentOutOfRangeException(nameof(sort)),
        };
    }

    /// <summary>The same order over rows of several organizations, in memory; always as the page is shown.</summary>
    public static IEnumerable<ListedImage> Order(this IEnumerable<ListedImage> images, ImageSort sort) => sort switch
    {
        ImageSort.Newest => images.OrderByDescending(i => i.Id, ByBytes),
        ImageSort.Oldest => images.OrderBy(i => i.Id, ByBytes),
        ImageSort.Captured => images.OrderByDescending(i => i.CapturedAt).ThenByDescending(i => i.Id, ByBytes),
        ImageSort.WorstQuality => images.OrderBy(i => i.QualityScore).ThenBy(i => i.Id, ByBytes),
        _ => throw new ArgumentOutOfRangeException(nameof(sort)),
    };

    // As both databases order ids: byte by byte, which is what Guid's own comparison does too.
    private static readonly Comparer<Guid> ByBytes = Comparer<Guid>.Default;

    private static IQueryable<Image> ById(IQueryable<Image> images, ImageCursor? cursor, bool descending)
    {
        if (cursor is { Id: var id })
            images = descending ? images.Where(i => i.Id < id) : images.Where(i => i.Id > id);
        return descending ? images.OrderByDescending(i => i.Id) : images.OrderBy(i => i.Id);
    }

    private static IQueryable<Image> ByCaptured(IQueryable<Image> images, ImageCursor? cursor, bool descending)
    {
        if (cursor is { Id: var id, CapturedAt: { } at })
        {
            images = descending
                ? images.Where(i => i.CapturedAt <= at && (i.CapturedAt < at || i.Id < id))
                : images.Where(i => i.CapturedAt >= at && (i.CapturedAt > at || i.Id > id));
        }

        return descending ? images.OrderByDescending(i => i.CapturedAt).ThenByDescending(i => i.Id) : images.OrderBy(i => i.CapturedAt).ThenBy(i => i.Id);
    }

    private static IQueryable<Image> ByScore(IQueryable<Image> images, ImageCursor? cursor, bool descending)
    {
        if (cursor is { Id: var id, QualityScore: var score })
        {
            images = descending
                ? images.Where(i => i.QualityScore <= score && (i.QualityScore < score || i.Id < id))
                : images.Where(i => i.QualityScore >= score && (i.QualityScore > score || i.Id > id));
        }

        return descending ? images.OrderByDescending(i => i.QualityScore).ThenByDescending(i => i.Id) : images.OrderBy(i => i.QualityScore).ThenBy(i => i.Id);
    }
}
