using System.Security.Cryptography;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Perenne.Contracts;
using Perenne.Contracts.Models;
using Perenne.Inference.Onnx;
using Perenne.Inference.Quantize;

namespace Perenne.Inference;

/// <summary>What was made of a network.</summary>
/// <param name="Convolutions">Convolutions that run in int8 now.</param>
/// <param name="Share">Share of the numbers that the chosen ranges hold; 1: all.</param>
/// <param name="Error">Mean square error of the outputs on the calibration pictures, relative to their mean square.</param>
public sealed record QuantizationReport(int Convolutions, double Share, double Error);

/// <summary>
/// Post-training static quantisation to int8 (Jacob et al. 2018, section 3; per-channel weights after Krishnamoorthi 2018): the network runs once
/// on calibration pictures, the ranges of its values are read off, and of several ways to cut the ranges the one whose outputs differ least
/// is written. Whether the result may take the model's place is not decided here.
/// </summary>
public static class StaticQuantization
{
    private const int MinOpset = 13;

    /// <summary>Writes an int8 package beside a float32 one.</summary>
    /// <param name="package">The float32 model.</param>
    /// <param name="frames">Calibration pictures, production-like; 20 to 200 are usual. Read twice; each is disposed by the caller's enumeration.</param>
    /// <param name="folder">Folder of the new package; made, must not hold one.</param>
    /// <exception cref="ModelPackageException">The network cannot be quantised; the message says why.</exception>
    /// <exception cref="FrameException">A picture does not fit the model.</exception>
    public static QuantizationReport Write(ModelPackage package, Func<IEnumerable<Frame>> frames, string folder)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(frames);
        ModelProto source = Parse(package);
        QuantizationPlan plan = new(source.Graph);
        if (plan.Convolutions.Count == 0)
            throw new ModelPackageException($"{ModelPackage.ModelFile} has no convolution with constant float32 weights before its last ones, so nothing would become int8.");
        ActivationRanges ranges = Calibration.Run(package, source, plan, frames());
        List<(byte[] Model, double Error)> candidates = [];
        for (int share = 0; share < ActivationRanges.Shares.Length; share++)
        {
            int chosen = share;
            byte[] model = QuantizedGraph.Of(source, value => ranges.Of(value, chosen)).ToByteArray();
            candidates.Add((model, Calibration.Error(package, model, frames())));
        }
        int best = candidates.Index().MinBy(c => c.Item.Error).Index;
        Save(package, candidates[best].Model, folder);
        ModelPackage.Open(folder);
        return new QuantizationReport(plan.Convolutions.Count, ActivationRanges.Shares[best], candidates[best].Error);
    }

    private static ModelProto Parse(ModelPackage package)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(package.ReadModel());
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ModelPackageException($"{ModelPackage.ModelFile} is not an ONNX file, or it is cut off. Export it again.", e);
        }
        if (package.Manifest.Lineage.QuantizedFrom is not null || model.Graph.Node.Any(n => n.OpType is "QuantizeLinear" or "QLinearConv" or "ConvInteger"))
            throw new ModelPackageException($"{ModelPackage.ModelFile} is quantised already. Give the float32 model it was made from.");
        long opset = model.OpsetImport.Where(o => o.Domain.Length == 0).Select(o => o.Version).DefaultIfEmpty(0).Max();
        return opset >= MinOpset ? model
            : throw new ModelPackageException($"{ModelPackage.ModelFile} is of opset {opset}, which cannot say one scale a channel. Export it with opset {MinOpset} or higher.");
    }

    private static void Save(ModelPackage package, byte[] model, string folder)
    {
        if (File.Exists(Path.Combine(folder, ModelPackage.ManifestFile)))
            throw new ModelPackageException($"{folder} holds a model already. Give another folder.");
        Directory.CreateDirectory(folder);
        ModelManifest manifest = package.Manifest with
        {
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(model)),
            // Figures of the float32 model are not this one's.
            Metrics = new Dictionary<string, double>(),
            Lineage = package.Manifest.Lineage with { QuantizedFrom = package.Manifest.Sha256 },
        };
        File.WriteAllBytes(Path.Combine(folder, ModelPackage.ModelFile), model);
        File.WriteAllBytes(Path.Combine(folder, ModelPackage.ManifestFile), JsonSerializer.SerializeToUtf8Bytes(manifest, ContractJson.Indented));
    }
}
