using DuckDB.NET.Data;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Contracts.Observations;
using Perenne.Hub.Agree;
using Perenne.Hub.Collect;
using Perenne.Hub.Observe;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Monitor;

/// <param name="At">When the sample was taken.</param>
internal sealed record AuditedSample(DateTimeOffset At, bool IsDefective, bool IsRejected)
{
    public bool IsWrong => IsDefective != IsRejected;
}

/// <summary>
/// Frames that a station sampled at random (reason <c>audit</c>), with the verdict they got and the annotation people accepted. Other samples are
/// chosen by score or class; counting them would measure the choice.
/// </summary>
internal sealed class ReadAudits(HubDbContext db, WindowReader reader)
{
    public async Task<List<AuditedSample>> HandleAsync(Guid organization, Guid project, Guid model, DateTimeOffset since, DateTimeOffset until, CancellationToken cancel)
    {
        var accepted = await (from truth in db.Set<GroundTruth>()
                              join image in db.Set<Image>() on truth.ImageId equals image.Id
                              where truth.OrganizationId == organization && truth.ProjectId == project && truth.IsCurrent && (image.CapturedAt ?? image.ArrivedAt) >= since
                              select new { image.ContentHash, truth.Document }).AsNoTracking().ToListAsync(cancel);
        if (accepted.Count == 0)
            return [];
        Dictionary<string, AnnotationDocument> documents = accepted.GroupBy(a => a.ContentHash).ToDictionary(g => g.Key, g => g.First().Document);
        await using DuckDBConnection? duck = await reader.OpenAsync(organization, project, since, until, cancel);
        if (duck is null)
            return [];
        var judged = await Duck.ReadAsync(duck, $"""
            SELECT epoch_us(captured_at), image_sha256, verdict FROM chosen
            WHERE sample_reason = 'audit' AND image_sha256 IS NOT NULL AND verdict <> '{ObservationColumns.Word(Verdict.CannotJudge)}' AND {WindowReader.OfModel(model)} ORDER BY captured_at
            """, r => (At: Duck.Moment(r.GetInt64(0)), Hash: r.GetString(1), Verdict: r.GetString(2)), cancel);
        return [.. judged.Where(j => documents.ContainsKey(j.Hash)).Select(j => new AuditedSample(j.At, IsDefective(documents[j.Hash]), j.Verdict == ObservationColumns.Word(Verdict.NotOk)))];
    }

    private static bool IsDefective(AnnotationDocument document) => document.Shapes.Length > 0 || document.Tags.Length > 0 || document.Verdict == ImageVerdict.Defects;
}
