using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Quality;

/// <summary>Changes an image's effective verdict together with the counters; inside the caller's transaction.</summary>
internal static class ImageVerdicts
{
    public static async Task SetAsync(HubDbContext db, QualityReport report, CancellationToken cancel)
    {
        ImageQuality next = report.Overruled ?? report.Judged;
        string codes = Judgement.CodesOf(QualityJson.Read<List<Imaging.QualityReason>>(report.Reasons));
        Image image = await db.Set<Image>().SingleAsync(i => i.Id == report.ImageId, cancel);
        ImageQuality before = image.Quality;
        (image.Quality, image.QualityScore, image.QualityReasons) = (next, report.Score, codes);
        await db.SaveChangesAsync(cancel);
        if (before == next)
            return;
        await ImageCounters.AddAsync(db, image.ProjectId, image.OrganizationId, before, -1, cancel);
        await ImageCounters.AddAsync(db, image.ProjectId, image.OrganizationId, next, 1, cancel);
    }
}
