using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using Perenne.Contracts;
using Perenne.Contracts.Models;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;
using Perenne.Inference;

namespace Perenne.Hub.Registry;

/// <summary>
/// A model made elsewhere. Two ways: the description (model.json, whose hash may be left out) with the network, as multipart/form-data; both
/// are checked by running the network on an empty image before anything is kept.
/// </summary>
internal sealed class UploadModel(ModelStore store, CurrentAccess access, Staging staging, HubDbContext db)
{
    /// <summary>ONNX cannot hold more in one file (protobuf), so a larger one has its weights beside it, which a package does not take.</summary>
    public const long MaxOnnxBytes = 2L << 30;

    public async Task<Result<ModelVersion>> HandleAsync(Guid project, string manifest, string onnxFile, string name, string notes, CancellationToken cancel)
    {
        ModelManifest? described;
        try
        {
            described = JsonSerializer.Deserialize<ModelManifest>(manifest, ContractJson.Options);
        }
        catch (JsonException error)
        {
            return HubError.Invalid("description", $"model.json cannot be read at {error.Path ?? "$"} (line {error.LineNumber + 1}): {error.Message.Split(" Path:")[0]}");
        }

        if (described is null)
            return HubError.Invalid("description", "model.json holds null. Write the description of docs/model-package.md.");
        string folder = staging.NewPath();
        Directory.CreateDirectory(folder);
        try
        {
            File.Move(onnxFile, Path.Combine(folder, ModelPackage.ModelFile));
            string hash = await ModelStore.HashAsync(Path.Combine(folder, ModelPackage.ModelFile), cancel);
            if (described.Sha256.Length > 0 && described.Sha256 != hash)
                return HubError.Invalid("description", $"model.json says that the network has the hash {described.Sha256}, but the file has {hash}. Send the file it was written for, or leave sha256 empty.");
            described = described with { Sha256 = hash, Classes = await WithIdsAsync(project, described.Classes, cancel) };
            await File.WriteAllTextAsync(Path.Combine(folder, ModelPackage.ManifestFile), JsonSerializer.Serialize(described, ContractJson.Indented), cancel);
            string called = name.Trim().Length > 0 ? name.Trim() : described.Name.Length > 0 ? described.Name : "uploaded";
            return await store.AddAsync(folder, new(project, ModelSource.Upload, called.Length > 200 ? called[..200] : called, access.Actor.Id, access.Actor.Name, Notes: notes), null, cancel);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Names are what people know; ids are what survives a rename.
    private async Task<IReadOnlyList<ModelClass>> WithIdsAsync(Guid project, IReadOnlyList<ModelClass> classes, CancellationToken cancel)
    {
        var known = await db.Set<Organizations.SchemaVersion>().Where(v => v.ProjectId == project).OrderByDescending(v => v.Number).Select(v => v.Classes).FirstOrDefaultAsync(cancel) ?? [];
        return [.. classes.Select(c => c.LabelClassId is not null ? c : c with { LabelClassId = known.FirstOrDefault(k => k.Name == c.Name)?.Id })];
    }

    /// <summary>Streams the parts to disk; a file beyond the limit is refused before it has filled the disk.</summary>
    private async Task<IResult> ReceiveAsync(HttpContext http)
    {
        CancellationToken cancel = http.RequestAborted;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        if (http.Request.ContentLength > MaxOnnxBytes + (16 << 20))
            return TooLarge().ToProblem();
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out MediaTypeHeaderValue? type) || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary)
            return HubError.Invalid("body", "Send multipart/form-data with the parts 'description' (model.json) and 'network' (model.onnx).").ToProblem();
        string file = staging.NewPath();
        string description = "", name = "", notes = "";
        try
        {
            MultipartReader reader = new(boundary, http.Request.Body);
            while (await reader.ReadNextSectionAsync(cancel) is { } section)
            {
                string part = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out ContentDispositionHeaderValue? disposition) ? HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "" : "";
                if (part == "network")
                {
                    if (!await SaveAsync(section.Body, file, cancel))
                        return TooLarge().ToProblem();
                    continue;
                }

                using StreamReader text = new(section.Body);
                string value = await text.ReadToEndAsync(cancel);
                (description, name, notes) = part switch { "description" => (value, name, notes), "name" => (description, value, notes), "notes" => (description, name, value), _ => (description, name, notes) };
            }

            if (!File.Exists(file))
                return HubError.Invalid("network", "The part 'network' with model.onnx is missing.").ToProblem();
            Result<ModelVersion> made = await HandleAsync(http.ProjectId(), description, file, name, notes, cancel);
            return made.Map(m => new ModelUploaded(m.Id, m.Number)).ToCreated(m => $"/api/v1/projects/{http.ProjectId()}/models/{m.Number}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<bool> SaveAsync(Stream from, string file, CancellationToken cancel)
    {
        await using FileStream to = new(file, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20, FileOptions.Asynchronous);
        byte[] buffer = new byte[1 << 20];
        for (int read; (read = await from.ReadAsync(buffer, cancel)) > 0;)
        {
            if (to.Length + read > MaxOnnxBytes)
                return false;
            await to.WriteAsync(buffer.AsMemory(0, read), cancel);
        }

        return true;
    }

    private static HubError TooLarge() => new("too-large", StatusCodes.Status413PayloadTooLarge,
        "The network is larger than 2 GB, the most that one ONNX file can hold. Export it in half precision or a smaller one; files with weights beside them are not taken.");

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/projects/{project}/models", (UploadModel handler, HttpContext http) => handler.ReceiveAsync(http))
        .Requires(HubAction.ModelsEdit).Produces<ModelUploaded>(StatusCodes.Status201Created).DisableAntiforgery().WithTags("Models").WithName("UploadModel")
        .WithSummary("Takes a model made elsewhere: model.json and model.onnx as multipart/form-data, checked by running it.");
}

internal sealed record ModelUploaded(Guid Id, int Number);
