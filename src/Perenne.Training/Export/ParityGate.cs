using System.Runtime.InteropServices;
using Perenne.Training.Data;
using Perenne.Training.Learners;
using Perenne.Training.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace Perenne.Training.Export;

/// <summary>The exported model must answer as the trained one does: every output within 1e-4 (relative above 1) on real images.</summary>
internal static class ParityGate
{
    public const double Tolerance = 1e-4;

    /// <returns>The largest difference.</returns>
    /// <exception cref="TrainerException">They differ by more.</exception>
    public static double Check(string model, Learner learner, TorchGraph graph, IReadOnlyList<Picture> probes, string scratch)
    {
        Directory.CreateDirectory(scratch);
        try
        {
            Window[] windows = [.. probes.Select(Probe)];
            for (int k = 0; k < windows.Length; k++)
                OnnxProcess.Write(Path.Combine(scratch, OnnxProcess.Name("input", k)), [1, windows[k].Picture.PlaneCount, windows[k].Height, windows[k].Width], Planar(windows[k]));
            OnnxProcess.Start(model, scratch);
            double worst = windows.Select((w, k) => Compare(learner, graph, w, scratch, k)).Max();
            return worst <= Tolerance ? worst
                : !double.IsFinite(worst) ? throw new TrainerException("What was learnt gives answers that are not numbers: the training went astray without its loss showing it. Use a smaller learningRate, and look for damaged images or annotations.")
                : throw new TrainerException($"The exported model differs from the trained one by {worst:g3}, more than {Tolerance:g1} allowed. The model is not written; please report this with the job folder.");
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static double Compare(Learner learner, TorchGraph graph, Window window, string scratch, int number)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        Maps<Tensor> maps = learner.Backbone.Run(graph, window.ToBatch().ToTensor());
        List<(string Name, Tensor Value)> expected = [(OnnxExport.FeatureName, maps.Deep.mean([2, 3]))];
        foreach (Output<Tensor> o in learner.Head.Run(graph, maps))
            expected.Add((o.Name, o.Distances ? o.Value.exp() * o.Stride : o.Value));
        double worst = 0;
        foreach ((string name, Tensor value) in expected)
        {
            float[] own = MemoryMarshal.Cast<byte, float>(value.contiguous().bytes).ToArray();
            float[] other = OnnxProcess.Read(Path.Combine(scratch, OnnxProcess.Name("output", number, name))).Values;
            if (own.Length != other.Length)
                throw new TrainerException($"The exported model gives {other.Length} numbers at {name}, the trained one {own.Length}.");
            for (int i = 0; i < own.Length; i++)
                worst = Math.Max(worst, Math.Abs(own[i] - other[i]) / Math.Max(1, Math.Abs(own[i])) is var d && double.IsNaN(d) ? double.PositiveInfinity : d);
        }
        return worst;
    }

    // The middle of the picture; large enough to have borders and padding of its own.
    private static Window Probe(Picture picture) =>
        new(picture, 0, 0, Math.Min((picture.Width + 31) / 32 * 32, 640), Math.Min((picture.Height + 31) / 32 * 32, 640));

    private static float[] Planar(Window window)
    {
        float[] unshuffled = window.ToBatch().Input, planar = new float[unshuffled.Length];
        int planes = window.Picture.PlaneCount, cells = window.Width / 4;
        for (int p = 0, to = 0; p < planes; p++)
            for (int y = 0; y < window.Height; y++)
                for (int x = 0; x < window.Width; x++)
                    planar[to++] = unshuffled[((y / 4 * cells) + x / 4) * planes * 16 + p * 16 + y % 4 * 4 + x % 4];
        return planar;
    }
}
