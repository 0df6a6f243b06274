using System.Text.Json;
using Perenne.Cli.Commands;
using Perenne.Contracts;
using Perenne.Contracts.Models;

namespace Perenne.Cli.Learn;

/// <summary>Takes the folder of a model package or of the run that made it.</summary>
internal static class ModelFolder
{
    /// <exception cref="CommandException">No package there.</exception>
    public static string Find(string path) =>
        File.Exists(Path.Combine(path, "model.json")) ? Path.GetFullPath(path)
        : File.Exists(Path.Combine(path, "model", "model.json")) ? Path.GetFullPath(Path.Combine(path, "model"))
        : throw new CommandException($"{path} holds no model: model.json is missing, there and in model/. Give the --out folder of a finished training or a model package.");

    public static ModelManifest Manifest(string folder) =>
        JsonSerializer.Deserialize<ModelManifest>(File.ReadAllBytes(Path.Combine(folder, "model.json")), ContractJson.Options)
        ?? throw new CommandException($"{folder}: model.json is empty.");
}
