using System.Text.Json;

namespace Perenne.Contracts.Observations;

/// <summary>
/// The columns of a segment: one per property of <see cref="Observation"/>, named in snake_case. Ids and enumerations are text (ids with
/// hyphens, enumerations as in JSON: <c>notOk</c>), because every tool opens text; times are milliseconds in UTC.
/// </summary>
public static class ObservationColumns
{
    /// <summary>Reason of a frame that no model could judge because none was loaded.</summary>
    public const string NoModel = "no-model";

    /// <summary>Reason of a frame on which the model itself failed. Counts as an error of its deployment.</summary>
    public const string ModelError = "model-error";

    /// <summary>All columns, in the order in which a station writes them.</summary>
    public static IReadOnlyList<ObservationColumn> All { get; } =
    [
        new("id", ColumnKind.Text, true),
        new("sequence", ColumnKind.Whole, true),
        new("frame_id", ColumnKind.Text, true),
        new("project_id", ColumnKind.Text, false),
        new("camera", ColumnKind.Text, true),
        new("part", ColumnKind.Text, false),
        new("captured_at", ColumnKind.Moment, true),
        new("judged_at", ColumnKind.Moment, true),
        new("model_version_id", ColumnKind.Text, false),
        new("deployment_id", ColumnKind.Text, false),
        new("role", ColumnKind.Text, true),
        new("verdict", ColumnKind.Text, true),
        new("reason", ColumnKind.Text, false),
        new("width", ColumnKind.Whole, true),
        new("height", ColumnKind.Whole, true),
        new("classes", ColumnKind.TextList, true),
        new("scores", ColumnKind.NumberList, true),
        new("boxes", ColumnKind.NumberList, true),
        new("latency_milliseconds", ColumnKind.Number, true),
        new("brightness", ColumnKind.NumberList, true),
        new("sharpness", ColumnKind.Number, false),
        new("noise", ColumnKind.Number, false),
        new("entropy", ColumnKind.Number, false),
        new("features", ColumnKind.NumberList, true),
        new("image_sha256", ColumnKind.Text, false),
        new("sample_reason", ColumnKind.Text, false),
        new("perceptual_hash", ColumnKind.Whole, false),
        new("view_shift", ColumnKind.Number, false, IsOptional: true),
        new("view_visible", ColumnKind.Number, false, IsOptional: true),
    ];

    /// <summary>An enumeration's value as it stands in a column: <c>cannotJudge</c>.</summary>
    /// <param name="value">Of <see cref="JudgementRole"/> or <see cref="Verdict"/>.</param>
    public static string Word(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}

/// <summary>One column of a segment.</summary>
/// <param name="Name">In snake_case.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Required">False: may be null. Lists are empty instead of null.</param>
/// <param name="IsOptional">Stations of older versions do not write it: it may be missing, and is null then.</param>
public sealed record ObservationColumn(string Name, ColumnKind Kind, bool Required, bool IsOptional = false);

/// <summary>What a column holds, and as which Parquet type it is written.</summary>
public enum ColumnKind
{
    /// <summary>BYTE_ARRAY, STRING.</summary>
    Text,

    /// <summary>INT32 or INT64.</summary>
    Whole,

    /// <summary>DOUBLE or FLOAT.</summary>
    Number,

    /// <summary>INT64, TIMESTAMP in milliseconds or finer, adjusted to UTC.</summary>
    Moment,

    /// <summary>LIST of STRING.</summary>
    TextList,

    /// <summary>LIST of DOUBLE or FLOAT.</summary>
    NumberList,
}
