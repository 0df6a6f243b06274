using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Perenne.Contracts;
using Perenne.Contracts.Observations;
using Perenne.Contracts.Serving;

namespace Perenne.Cli.Learn;

/// <summary>A verdict about one file, for people and for programs.</summary>
internal static class PredictText
{
    /// <summary>One line: file, verdict, model, what counts (or how near the strongest came), time in the network.</summary>
    public static string Line(string file, PredictAnswer a)
    {
        string found = a.Value is { } value ? value.ToString("0.####", CultureInfo.InvariantCulture)
            : a.Tags is { } tags ? string.Join(", ", tags.OrderByDescending(t => t.Value).Take(3).Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Key} {t.Value:0.000}")))
            : a.Detections.Any(d => d.Counts) ? string.Join(", ", a.Detections.Where(d => d.Counts).Select(Words))
            : a.Detections.Count > 0 ? $"(below its threshold: {Words(a.Detections[0])})" : "";
        string verdict = a.Verdict switch { Verdict.Ok => "OK", Verdict.NotOk => "NOT OK", _ => "CANNOT JUDGE" };
        string[] parts = [file, verdict.PadRight(6), $"{a.Model} {a.Version}", found, string.Create(CultureInfo.InvariantCulture, $"{a.Milliseconds.Run:0.0} ms")];
        return string.Join("  ", parts.Where(p => p.Length > 0));
    }

    /// <summary>One JSON object: the answer as POST /predict gives it, with the file's path.</summary>
    public static string Json(string file, PredictAnswer answer)
    {
        JsonObject line = new() { ["file"] = file };
        foreach ((string name, JsonNode? value) in JsonSerializer.SerializeToNode(answer, ContractJson.Options)!.AsObject())
            line[name] = value?.DeepClone();
        return line.ToJsonString(ContractJson.Options);
    }

    private static string Words(PredictedBox d) => string.Create(CultureInfo.InvariantCulture, $"{d.Class} {d.Score:0.000} at {d.Box[0]:0},{d.Box[1]:0} {d.Box[2]:0}×{d.Box[3]:0}");
}
