using Perenne.Contracts.Models;

namespace Perenne.Inference;

/// <summary>What decoding needs, resolved once per session: which outputs, in which order, from which raw score.</summary>
internal sealed class HeadSpec
{
    public HeadSpec(ModelManifest manifest, IReadOnlyCollection<string> outputs, SessionSettings settings)
    {
        Manifest = manifest;
        Strides = manifest.Head.Strides.Count > 0 ? [.. manifest.Head.Strides] : manifest.Head.Family == HeadFamily.Perenne ? [8] : [8, 16, 32];
        Names = [.. Roles(manifest.Head.Family).Select((role, i) => Resolve(role, i, outputs))];
        if (manifest.Features is { } features)
            Names = [.. Names, features.Output];
        Scores = new ScoreMap(manifest, settings);
    }

    public ModelManifest Manifest { get; }

    public int[] Strides { get; }

    /// <summary>Outputs to ask for: those of the head in the order of <see cref="Roles"/>, then the features.</summary>
    public string[] Names { get; }

    public ScoreMap Scores { get; }

    public int Classes => Manifest.Classes.Count;

    public bool Logits => Manifest.Head.Logits;

    private IEnumerable<string> Roles(HeadFamily family) => family switch
    {
        HeadFamily.Perenne when Strides.Length > 1 => Strides.SelectMany(s => (string[])[$"scores.{s}", $"boxes.{s}"]),
        HeadFamily.Perenne or HeadFamily.Detr => ["scores", "boxes"],
        HeadFamily.Classification => ["scores"],
        HeadFamily.Regression => ["value"],
        HeadFamily.Segmentation => ["masks"],
        _ => ["output"],
    };

    private string Resolve(string role, int index, IReadOnlyCollection<string> outputs)
    {
        if (Manifest.Head.Outputs.TryGetValue(role, out string? named))
            return named;
        if (outputs.Contains(role))
            return role;
        string[] others = [.. outputs.Where(o => o != Manifest.Features?.Output)];
        return index < others.Length
            ? others[index]
            : throw OnnxSignature.Wrong($"has {outputs.Count} outputs ({OnnxSignature.List(outputs)}) and none for '{role}'. Name it in head.outputs");
    }
}
