using System.Text.Json;
using System.Text.Json.Serialization;
using Perenne.Hub.Collect;
using Perenne.Imaging;

namespace Perenne.Hub.Quality;

/// <summary>What was recorded of an image once and for all; judging again needs nothing else.</summary>
/// <param name="Views">Null where the camera had no reference view.</param>
internal sealed record RecordedMeasures(ImageFacts Facts, ImageMeasures Measures, RecordedViews? Views = null);

/// <summary>How the image looked beside the camera's reference view.</summary>
/// <param name="Reference">Number of the reference; figures against another one say nothing.</param>
/// <param name="Latest">This image's comparison last; before it, where it is shifted, those of the two images before.</param>
internal sealed record RecordedViews(int Reference, IReadOnlyList<ViewComparison> Latest);

/// <summary>A verdict with its reasons and the profile it was judged against.</summary>
internal sealed record Judgement(QualityVerdict Verdict, Guid? ProfileId, RecordedViews? Views = null)
{
    public ImageQuality Quality => Verdict.Level switch
    {
        QualityLevel.Usable => ImageQuality.Usable,
        QualityLevel.Flagged => ImageQuality.Flagged,
        _ => ImageQuality.Rejected,
    };

    /// <summary>1 without a reason; each reason takes away, a rejecting one most.</summary>
    public double Score => Verdict.Reasons.Aggregate(1.0, (score, reason) => score * (reason.Level == QualityLevel.Rejected ? 0.2 : 0.7));

    public string ReasonCodes => CodesOf(Verdict.Reasons);

    public static string CodesOf(IReadOnlyList<QualityReason> reasons) =>
        reasons.Count == 0 ? "" : $"|{string.Join('|', reasons.Select(r => r.Code).Distinct())}|";

    public QualityReport ToReport(Image image, ImageFacts facts, ImageMeasures measures, DateTimeOffset at) => new()
    {
        ImageId = image.Id,
        OrganizationId = image.OrganizationId,
        ProjectId = image.ProjectId,
        ProfileId = ProfileId,
        Measures = QualityJson.Write(new RecordedMeasures(facts, measures, Views)),
        Judged = Quality,
        Score = Score,
        Reasons = QualityJson.Write(Verdict.Reasons),
        JudgedAt = at,
    };
}

/// <summary>How reports, profiles and thresholds are stored.</summary>
internal static class QualityJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("Stored quality data is null.");
}
