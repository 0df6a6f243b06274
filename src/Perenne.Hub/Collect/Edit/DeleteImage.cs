using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Agree;
using Perenne.Hub.Annotate;
using Perenne.Hub.Collect.Sweep;
using Perenne.Hub.Organizations;
using Perenne.Hub.Quality;
using Perenne.Hub.Share.Feed;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Collect.Edit;

/// <summary>
/// Removes an image from its project, with what was imported about it; the file goes when no other project of the organization has it.
/// People's work on it is never thrown away with it: an image of a campaign is refused.
/// </summary>
internal static class DeleteImage
{
    internal sealed class Handler(HubDbContext db, WriteTurn turn, AuditLog audit, BlobSweep sweep, AnnotationFeed feed)
    {
        public async Task<Result<Done>> HandleAsync(Guid project, Guid id, CancellationToken cancel)
        {
            Image? image = await db.Set<Image>().AsNoTracking().SingleOrDefaultAsync(i => i.Id == id && i.ProjectId == project, cancel);
            if (image is null)
                return HubError.NotFound("The image");
            bool isWorkedOn = false;
            await turn.RunAsync(db, async () =>
            {
                await NearDuplicates.LockAsync(db, image.ProjectId, image.OrganizationId, cancel);
                isWorkedOn = await db.Set<AnnotationTask>().AnyAsync(t => t.ImageId == id, cancel) || await db.Set<GroundTruth>().AnyAsync(t => t.ImageId == id, cancel)
                    || await db.Set<Annotation>().AnyAsync(a => a.ImageId == id && a.Source != AnnotationSource.Import && a.Source != AnnotationSource.Model, cancel);
                if (!isWorkedOn)
                    await RemoveAsync(image, cancel);
            }, cancel);
            if (isWorkedOn)
                return HubError.Conflict("image-in-use", "People have worked on this image, or a campaign has it. Take it out of use by overruling its quality verdict to 'rejected' instead.");
            await sweep.RemoveUnusedAsync(image.OrganizationId, image.ContentHash, cancel);
            return new Done();
        }

        private async Task RemoveAsync(Image image, CancellationToken cancel)
        {
            Guid id = image.Id;
            // Read again, under the lock: the cluster, the verdict or the row itself may have changed.
            Image? now = await db.Set<Image>().AsNoTracking().SingleOrDefaultAsync(i => i.Id == id, cancel);
            if (now is null)
                return;
            IQueryable<Annotation> annotations = db.Set<Annotation>().Where(a => a.ImageId == id);
            await db.Set<AnnotationRevision>().Where(r => annotations.Any(a => a.Id == r.AnnotationId)).ExecuteDeleteAsync(cancel);
            await annotations.ExecuteDeleteAsync(cancel);
            await feed.ImageDeletedAsync(id, cancel);
            await db.Set<Arrival>().Where(a => a.ImageId == id).ExecuteDeleteAsync(cancel);
            await db.Set<ImageEvent>().Where(e => e.ImageId == id).ExecuteDeleteAsync(cancel);
            await db.Set<ImageMetadata>().Where(m => m.ImageId == id).ExecuteDeleteAsync(cancel);
            await db.Set<QualityReport>().Where(r => r.ImageId == id).ExecuteDeleteAsync(cancel);
            await db.Set<Image>().Where(i => i.Id == id).ExecuteDeleteAsync(cancel);
            await NearDuplicates.LeaveAsync(db, now, cancel);
            audit.Record(now.OrganizationId, "image.deleted", now.FileName, new { now.Id, now.ProjectId, now.ContentHash });
            await db.SaveChangesAsync(cancel);
            await ImageCounters.AddAsync(db, now.ProjectId, now.OrganizationId, now.Quality, -1, cancel);
        }
    }

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/api/v1/projects/{project}/images/{image:guid}", async (HttpContext http, Guid image, Handler handler, CancellationToken cancel) =>
                (await handler.HandleAsync(http.ProjectId(), image, cancel)).ToOk())
            .Requires(HubAction.ImagesDelete).Produces(204).WithTags("Images").WithName("DeleteImage").WithSummary("Remove an image nobody has worked on; its file too, when no other project has it.");
}
