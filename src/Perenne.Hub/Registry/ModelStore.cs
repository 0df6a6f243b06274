using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts;
using Perenne.Contracts.Models;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Inference;

namespace Perenne.Hub.Registry;

/// <summary>Where a package comes from.</summary>
internal sealed record PackageOrigin(Guid ProjectId, ModelSource Source, string Name, Guid By, string ByName, Guid? RunId = null, Guid? DatasetVersionId = null, Guid? ParentId = null, string Notes = "");

/// <summary>Takes packages in and lays them out again as folders.</summary>
internal sealed class ModelStore(HubDbContext db, WriteTurn turn, IBlobStore blobs, Staging staging, IdSource ids, TimeProvider time)
{
    /// <summary>Checks the package by running it on an empty image, then stores and numbers it.</summary>
    /// <param name="confirm">Inside the transaction, before the row is written; false: nothing is written, because somebody else has the work by now.</param>
    public async Task<Result<ModelVersion>> AddAsync(string folder, PackageOrigin origin, Func<Task<bool>>? confirm, CancellationToken cancel)
    {
        ModelPackage package;
        try
        {
            package = ModelPackage.Open(folder);
        }
        catch (ModelPackageException error)
        {
            return HubError.Invalid("package", Shorten(error.Message, folder));
        }

        string onnx = Path.Combine(folder, ModelPackage.ModelFile), manifest = await File.ReadAllTextAsync(Path.Combine(folder, ModelPackage.ManifestFile), cancel);
        long bytes = new FileInfo(onnx).Length;
        Guid owner = await db.Set<Project>().Where(p => p.Id == origin.ProjectId).Select(p => p.OwnerOrganizationId).SingleAsync(cancel);
        string copy = staging.NewPath();
        File.Copy(onnx, copy);
        try
        {
            await blobs.PutAsync(new(owner, BlobKind.Model, package.Manifest.Sha256), copy, cancel);
        }
        finally
        {
            File.Delete(copy);
        }

        ModelVersion? made = null;
        await turn.RunAsync(db, async () =>
        {
            made = null;
            if (confirm is not null && !await confirm())
                return;
            made = new()
            {
                Id = ids.Next(), ProjectId = origin.ProjectId, OwnerOrganizationId = owner,
                Number = 1 + (await db.Set<ModelVersion>().Where(m => m.ProjectId == origin.ProjectId).MaxAsync(m => (int?)m.Number, cancel) ?? 0),
                Name = origin.Name, Source = origin.Source, RunId = origin.RunId, DatasetVersionId = origin.DatasetVersionId, ParentId = origin.ParentId,
                Task = package.Manifest.Task, Sha256 = package.Manifest.Sha256, OnnxBytes = bytes, Manifest = manifest, Notes = origin.Notes,
                CreatedBy = origin.By, CreatedByName = origin.ByName, CreatedAt = time.GetUtcNow(),
            };
            db.Add(made);
            await db.SaveChangesAsync(cancel);
        }, cancel);
        return made is null ? HubError.Conflict("superseded", "Another process finished this work.") : made;
    }

    /// <summary>Writes <c>model.json</c> and <c>model.onnx</c> into a folder.</summary>
    /// <exception cref="FileNotFoundException">The network is not in the blob store.</exception>
    public async Task LayOutAsync(ModelVersion model, string folder, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        await using Stream onnx = await OpenAsync(model, cancel) ?? throw new FileNotFoundException($"The network of model {model.Number} is missing from the blob store.");
        await using (FileStream file = new(Path.Combine(folder, ModelPackage.ModelFile), FileMode.Create, FileAccess.Write, FileShare.None))
            await onnx.CopyToAsync(file, cancel);
        await File.WriteAllTextAsync(Path.Combine(folder, ModelPackage.ManifestFile), model.Manifest, cancel);
    }

    public Task<Stream?> OpenAsync(ModelVersion model, CancellationToken cancel) => blobs.OpenAsync(new(model.OwnerOrganizationId, BlobKind.Model, model.Sha256), cancel);

    public static ModelManifest Read(ModelVersion model) => JsonSerializer.Deserialize<ModelManifest>(model.Manifest, ContractJson.Options)!;

    /// <summary>The hash of a network that is about to be described.</summary>
    public static async Task<string> HashAsync(string file, CancellationToken cancel)
    {
        await using FileStream stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancel));
    }

    public static byte[] Bytes(string manifest) => Encoding.UTF8.GetBytes(manifest);

    // Folders of this machine are nobody's business.
    private static string Shorten(string message, string folder) => message.Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
}
