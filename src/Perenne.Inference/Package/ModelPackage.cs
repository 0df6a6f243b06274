using System.Security.Cryptography;
using System.Text.Json;
using Perenne.Contracts;
using Perenne.Contracts.Models;

namespace Perenne.Inference;

/// <summary>A folder with <c>model.json</c> and <c>model.onnx</c> that was checked: what it promises is what it holds.</summary>
public sealed class ModelPackage
{
    /// <summary>Name of the description.</summary>
    public const string ManifestFile = "model.json";

    /// <summary>Name of the network.</summary>
    public const string ModelFile = "model.onnx";

    private ModelPackage(string folder, ModelManifest manifest) => (Folder, Manifest) = (folder, manifest);

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>The content of <c>model.json</c>.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>
    /// Reads and checks a package: the description, the hash, the names and shapes of the network's inputs and outputs, and one run on an empty image.
    /// </summary>
    /// <param name="folder">Folder with both files.</param>
    /// <param name="limits">Null: <see cref="PackageLimits.Default"/>.</param>
    /// <exception cref="ModelPackageException">The package cannot be used; the message says why.</exception>
    public static ModelPackage Open(string folder, PackageLimits? limits = null)
    {
        ModelPackage package = Read(folder, limits);
        using ModelSession session = new(package, new SessionSettings { Threads = 1, Optimize = false });
        session.DryRun();
        return package;
    }

    /// <summary>The same without loading the network: description and hash only. For listing packages, and for opening one that was checked before.</summary>
    /// <param name="folder">Folder with both files.</param>
    /// <param name="limits">Null: <see cref="PackageLimits.Default"/>.</param>
    /// <exception cref="ModelPackageException">The description or the hash is wrong.</exception>
    public static ModelPackage Read(string folder, PackageLimits? limits = null)
    {
        limits ??= PackageLimits.Default;
        byte[] json = ReadFile(Path.Combine(folder, ManifestFile), limits.MaxManifestBytes);
        ModelManifest manifest = Parse(json);
        ManifestCheck.Check(manifest, limits);
        ModelPackage package = new(folder, manifest);
        package.ReadModel(limits);
        return package;
    }

    /// <summary>The bytes of the network, hashed again, so that what runs is what was vouched for.</summary>
    internal byte[] ReadModel(PackageLimits? limits = null)
    {
        byte[] model = ReadFile(Path.Combine(Folder, ModelFile), (limits ?? PackageLimits.Default).MaxModelBytes);
        string hash = Convert.ToHexStringLower(SHA256.HashData(model));
        if (!string.Equals(hash, Manifest.Sha256, StringComparison.Ordinal))
            throw new ModelPackageException($"{ModelFile} has the hash {hash[..12]}… but {ManifestFile} says {Short(Manifest.Sha256)}: the files do not belong together or one was damaged. Copy the package again.");
        return model;
    }

    private static ModelManifest Parse(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize<ModelManifest>(json, ContractJson.Options)
                ?? throw new ModelPackageException($"{ManifestFile} holds null. Write the description of docs/model-package.md.");
        }
        catch (JsonException e)
        {
            throw new ModelPackageException($"{ManifestFile} cannot be read at {e.Path ?? "$"} (line {e.LineNumber + 1}): {Reason(e)} See docs/model-package.md.", e);
        }
    }

    private static string Reason(JsonException e)
    {
        int end = e.Message.IndexOf(" Path:", StringComparison.Ordinal);
        return end > 0 ? e.Message[..end] : e.Message;
    }

    private static string Short(string hash) => hash.Length == 0 ? "nothing" : hash.Length > 12 ? hash[..12] + "…" : hash;

    private static byte[] ReadFile(string path, long maxBytes)
    {
        FileInfo file = new(path);
        if (!file.Exists)
            throw new ModelPackageException($"{path} is missing. A model package is a folder with {ManifestFile} and {ModelFile}.");
        if (file.Length > maxBytes)
            throw new ModelPackageException($"{path} has {file.Length:N0} bytes; the limit is {maxBytes:N0}.");
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelPackageException($"{path} cannot be read: {e.Message}", e);
        }
    }
}
