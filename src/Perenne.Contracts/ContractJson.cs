using System.Text.Json;
using System.Text.Json.Serialization;

namespace Perenne.Contracts;

/// <summary>How the documents that programs exchange (<c>model.json</c>, <c>job.json</c>, <c>metrics.jsonl</c>, …) are written and read.</summary>
public static class ContractJson
{
    /// <summary>Camel case, enumerations as camel-case words, nulls left out; unknown members are ignored, so that an older reader takes a newer file.</summary>
    public static JsonSerializerOptions Options { get; } = Make(indented: false);

    /// <summary>The same, indented, for files that people open.</summary>
    public static JsonSerializerOptions Indented { get; } = Make(indented: true);

    private static JsonSerializerOptions Make(bool indented) => new(JsonSerializerDefaults.Web)
    {
        AllowOutOfOrderMetadataProperties = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        WriteIndented = indented,
    };
}
