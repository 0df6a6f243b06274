using System.Text.Json;
using System.Text.Json.Serialization;

namespace Perenne.Serving.Oip;

// The documents of the Open Inference Protocol, version 2. Names are the protocol's.

public sealed record OipServer([property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("version")] string Version, [property: JsonPropertyName("extensions")] IReadOnlyList<string> Extensions);

public sealed record OipTensorMetadata([property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("datatype")] string Datatype, [property: JsonPropertyName("shape")] IReadOnlyList<long> Shape);

public sealed record OipModel(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("versions")] IReadOnlyList<string> Versions,
    [property: JsonPropertyName("platform")] string Platform,
    [property: JsonPropertyName("inputs")] IReadOnlyList<OipTensorMetadata> Inputs,
    [property: JsonPropertyName("outputs")] IReadOnlyList<OipTensorMetadata> Outputs);

public sealed record OipRepositoryEntry(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("version")] string Version,
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("reason")] string Reason);

public sealed record OipError([property: JsonPropertyName("error")] string Error);

public sealed record OipRequest
{
    [JsonPropertyName("id")] public string? Id { get; init; }
    [JsonPropertyName("parameters")] public Dictionary<string, JsonElement>? Parameters { get; init; }
    [JsonPropertyName("inputs")] public List<OipInput>? Inputs { get; init; }
    [JsonPropertyName("outputs")] public List<OipRequestedOutput>? Outputs { get; init; }
}

public sealed record OipInput
{
    [JsonPropertyName("name")] public string Name { get; init; } = "";
    [JsonPropertyName("shape")] public long[] Shape { get; init; } = [];
    [JsonPropertyName("datatype")] public string Datatype { get; init; } = "";
    [JsonPropertyName("parameters")] public Dictionary<string, JsonElement>? Parameters { get; init; }
    [JsonPropertyName("data")] public JsonElement? Data { get; init; }
}

public sealed record OipRequestedOutput
{
    [JsonPropertyName("name")] public string Name { get; init; } = "";
    [JsonPropertyName("parameters")] public Dictionary<string, JsonElement>? Parameters { get; init; }
}

public sealed record OipResponse
{
    [JsonPropertyName("model_name")] public required string ModelName { get; init; }
    [JsonPropertyName("model_version")] public required string ModelVersion { get; init; }
    [JsonPropertyName("id")] public string? Id { get; init; }
    [JsonPropertyName("outputs")] public required IReadOnlyList<OipOutput> Outputs { get; init; }
}

public sealed record OipOutput
{
    [JsonPropertyName("name")] public required string Name { get; init; }
    [JsonPropertyName("shape")] public required IReadOnlyList<long> Shape { get; init; }
    [JsonPropertyName("datatype")] public string Datatype { get; init; } = "FP32";
    [JsonPropertyName("parameters")] public Dictionary<string, long>? Parameters { get; init; }
    [JsonPropertyName("data")] public float[]? Data { get; init; }
}
