using System.Globalization;
using System.Text.Json.Nodes;
using Perenne.Vision.Agreement;

namespace Perenne.Cli.Commands;

/// <summary>The coefficients of one rating table, under the names the golden file uses.</summary>
internal sealed record AgreementRow(JsonNode? Case, IReadOnlyList<(string Name, double? Value)> Coefficients)
{
    private static readonly string[] Titles = ["cohen", "linear", "quadratic", "fleiss", "nominal", "ordinal", "interval", "ratio"];

    public static string Header => "case".PadRight(10) + string.Concat(Titles.Select(t => t.PadLeft(11)));

    public static AgreementRow Of(JsonObject line, int number)
    {
        int[][] ratings = Table(line, "ratings") ?? throw new FormatException("\"ratings\" is missing: expected an array of raters, each an array with one whole number per item.");
        int[][]? missing = Table(line, "missing");
        if (missing is not null && (missing.Length != ratings.Length || missing.Where((row, r) => row.Length != ratings[r].Length).Any()))
            throw new FormatException("\"missing\" must have as many raters and items as \"ratings\".");
        double[][] values = [.. ratings.Select((row, r) => row.Select((v, i) => missing is not null && missing[r][i] != 0 ? double.NaN : v).ToArray())];
        bool negative = ratings.Any(row => row.Any(v => v < 0));
        return new AgreementRow(line["case"]?.DeepClone() ?? JsonValue.Create(number),
        [
            ("cohen", Cohen(ratings, KappaWeights.None)),
            ("cohen_linear", Cohen(ratings, KappaWeights.Linear)),
            ("cohen_quadratic", Cohen(ratings, KappaWeights.Quadratic)),
            ("fleiss", FleissKappa.Of(ratings)),
            ("krippendorff_nominal", KrippendorffAlpha.Of(values, MeasurementLevel.Nominal)),
            ("krippendorff_ordinal", KrippendorffAlpha.Of(values, MeasurementLevel.Ordinal)),
            ("krippendorff_interval", KrippendorffAlpha.Of(values, MeasurementLevel.Interval)),
            ("krippendorff_ratio", negative ? null : KrippendorffAlpha.Of(values, MeasurementLevel.Ratio)),
        ]);
    }

    public string ToJson()
    {
        JsonObject json = new() { ["case"] = Case?.DeepClone() };
        foreach ((string name, double? value) in Coefficients)
            json[name] = value;
        return json.ToJsonString();
    }

    public override string ToString() => (Case?.ToString() ?? "").PadRight(10)
        + string.Concat(Coefficients.Select(c => (c.Value?.ToString("F6", CultureInfo.InvariantCulture) ?? "undefined").PadLeft(11)));

    // Cohen's kappa is of two raters: the first two of the table.
    private static double? Cohen(int[][] ratings, KappaWeights weights) =>
        ratings.Length < 2 ? null : CohenKappa.Of(ratings[0], ratings[1], weights);

    private static int[][]? Table(JsonObject line, string name) =>
        line[name]?.AsArray().Select(row => row!.AsArray().Select(v => v!.GetValue<int>()).ToArray()).ToArray();
}
