using System.Text.Json;
using System.Text.Json.Serialization;

namespace Perenne.Contracts.Annotation;

/// <summary>How annotation documents are written and read: camel case, no indentation, the kind may stand anywhere in a shape.</summary>
public static class AnnotationJson
{
    /// <summary>Shared options; unknown members are refused, so that a misspelt one is not lost silently.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        AllowOutOfOrderMetadataProperties = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        MaxDepth = 16,
    };

    /// <summary>The document as stored.</summary>
    public static string Write(AnnotationDocument document) => JsonSerializer.Serialize(document, Options);

    /// <summary>Reads a stored or received document.</summary>
    /// <exception cref="JsonException">Not such a document; the message names the JSON path.</exception>
    public static AnnotationDocument Read(string json) =>
        JsonSerializer.Deserialize<AnnotationDocument>(json, Options) ?? throw new JsonException("An annotation document is an object, not null.");
}
