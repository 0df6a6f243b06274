using DuckDB.NET.Data;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Observe;

/// <summary>What one of two models said of a frame.</summary>
internal sealed record DifferenceSide(Guid? ModelVersionId, Guid? DeploymentId, string Verdict, IReadOnlyList<string> Classes, IReadOnlyList<double> Scores);

/// <param name="Decided">The model whose verdict counted.</param>
/// <param name="Watched">The shadow, or the canary on a frame that it did not decide.</param>
/// <param name="Image">The frame, where it was sampled and has arrived.</param>
internal sealed record DifferenceRow(Guid OrganizationId, string Camera, string? Part, DateTimeOffset CapturedAt, DifferenceSide Decided, DifferenceSide Watched, Guid? Image);

/// <summary>Frames that two models judged differently, newest first: where a shadow or a canary would change what happens on the line.</summary>
internal sealed class ListDifferences(HubDbContext db, ObservationQuery question)
{
    private static readonly char Cut = '\u001f';

    /// <param name="model">The watching or the deciding version; null: any.</param>
    public async Task<Result<IReadOnlyList<DifferenceRow>>> HandleAsync(Guid project, ObservationFilter filter, Guid? model, int take, CancellationToken cancel)
    {
        if (take is < 1 or > 1000)
            return HubError.Invalid("take", "Between 1 and 1,000 frames are given.");
        Result<DuckDBConnection?> opened = await question.OpenAsync(project, filter, cancel);
        if (!opened.Succeeded)
            return opened.Error;
        await using DuckDBConnection? duck = opened.Value;
        if (duck is null)
            return Array.Empty<DifferenceRow>();
        string only = model is { } id ? $"AND (lower(d.model_version_id::VARCHAR) = {Duck.Quote(id.ToString())} OR lower(w.model_version_id::VARCHAR) = {Duck.Quote(id.ToString())})" : "";
        var found = await Duck.ReadAsync(duck, $"""
            SELECT d.organization_id, d.camera, d.part, epoch_us(d.captured_at), d.image_sha256,
              d.model_version_id::VARCHAR, d.deployment_id::VARCHAR, d.verdict, array_to_string(d.classes, chr(31)), array_to_string(list_transform(d.scores, lambda s: round(s, 4)), chr(31)),
              w.model_version_id::VARCHAR, w.deployment_id::VARCHAR, w.verdict, array_to_string(w.classes, chr(31)), array_to_string(list_transform(w.scores, lambda s: round(s, 4)), chr(31))
            FROM chosen d JOIN chosen w ON d.frame_id = w.frame_id AND d.role <> 'shadow' AND w.role = 'shadow' AND d.verdict <> w.verdict
              AND d.verdict <> 'cannotJudge' AND w.verdict <> 'cannotJudge' {only}
            ORDER BY d.captured_at DESC LIMIT {take}
            """, r => (Row: new DifferenceRow(Guid.Parse(r.GetString(0)), r.GetString(1), r.Text(2), Duck.Moment(r.GetInt64(3)), Side(r, 5), Side(r, 10), null), Sha256: r.Text(4)), cancel);
        List<string> hashes = [.. found.Select(f => f.Sha256).OfType<string>().Distinct()];
        var images = (await db.Set<Image>().Where(i => i.ProjectId == project && hashes.Contains(i.ContentHash)).Select(i => new { i.OrganizationId, i.ContentHash, i.Id }).ToListAsync(cancel))
            .ToDictionary(i => (i.OrganizationId, i.ContentHash), i => i.Id);
        return (List<DifferenceRow>)[.. found.Select(f => f.Sha256 is { } hash && images.TryGetValue((f.Row.OrganizationId, hash), out Guid image) ? f.Row with { Image = image } : f.Row)];
    }

    private static DifferenceSide Side(System.Data.Common.DbDataReader r, int at) => new(r.Id(at), r.Id(at + 1), r.GetString(at + 2), Parts(r.Text(at + 3)),
        [.. Parts(r.Text(at + 4)).Select(s => double.Parse(s, System.Globalization.CultureInfo.InvariantCulture))]);

    private static string[] Parts(string? joined) => joined is { Length: > 0 } ? joined.Split(Cut) : [];

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/v1/projects/{project}/observations/differences", async (ListDifferences handler, HttpContext http, Guid? organizationId, DateTimeOffset? from, DateTimeOffset? to, Guid? modelVersionId, string? camera, int? take, CancellationToken cancel) =>
            (await handler.HandleAsync(http.ProjectId(), new(organizationId, from, to, Camera: camera), modelVersionId, take ?? 100, cancel)).ToOk())
        .Requires(HubAction.ObservationsRead).Produces<IReadOnlyList<DifferenceRow>>().WithTags("Observations").WithName("ListDifferences")
        .WithSummary("Frames that two models judged differently, newest first; without times, those of the last week.");
}
