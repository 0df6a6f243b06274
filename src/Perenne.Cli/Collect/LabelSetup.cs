using System.Text.Json;
using System.Text.Json.Nodes;
using Perenne.Cli.Hub;

namespace Perenne.Cli.Collect;

/// <summary>Adds the label classes that a data set has and the project lacks; without the right the hub's sentence says so.</summary>
internal static class LabelSetup
{
    // Told apart by people with the common colour blindnesses (Okabe and Ito 2008).
    private static readonly string[] Colours = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#999999"];

    /// <returns>The classes that were added.</returns>
    public static async Task<IReadOnlyList<string>> EnsureAsync(HubClient hub, string project, IReadOnlyList<string> labels, CancellationToken cancel)
    {
        string address = $"api/v1/projects/{Uri.EscapeDataString(project)}/schema";
        JsonObject schema = await hub.GetAsync<JsonObject>(address, cancel);
        JsonArray classes = schema["classes"]?.DeepClone() as JsonArray ?? [];
        HashSet<string> known = [.. classes.Select(c => c?["name"]?.GetValue<string>() ?? "")];
        List<string> missing = [.. labels.Where(label => !known.Contains(label)).Distinct()];
        if (missing.Count == 0)
            return missing;
        foreach (string label in missing)
        {
            classes.Add(new JsonObject
            {
                ["id"] = Guid.Empty, ["name"] = label, ["colour"] = Colours[classes.Count % Colours.Length], ["hotKey"] = null,
                ["description"] = "", ["examples"] = new JsonArray(), ["attributes"] = new JsonArray(),
            });
        }

        JsonObject body = new() { ["basedOn"] = schema["number"]?.DeepClone(), ["classes"] = classes, ["comment"] = "Classes of an imported data set" };
        await hub.PutAsync<JsonElement>(address, body, cancel);
        return missing;
    }
}
