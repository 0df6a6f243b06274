using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Serialization.NamingConventions;

namespace Perenne.Hub.Automate;

/// <summary>
/// The policy's JSON Schema (2020-12), made of the records that are read and the bounds that are checked, so that an editor completes and refuses what
/// the hub does. In a YAML file: <c># yaml-language-server: $schema=…/api/v1/policy-schema</c>.
/// </summary>
internal static class PolicySchema
{
    public static JsonObject Document { get; } = Build();

    private static JsonObject Build()
    {
        JsonObject schema = new() { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = "The loop's policy of a Perenne project" };
        foreach ((string key, JsonNode? value) in Of(typeof(LoopPolicy), new LoopPolicy(), "").ToArray())
            schema[key] = value?.DeepClone();
        schema["properties"]!["version"] = new JsonObject { ["const"] = 1 };
        return schema;
    }

    private static JsonObject Of(Type type, object defaults, string path)
    {
        JsonObject properties = [];
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
        {
            string name = UnderscoredNamingConvention.Instance.Apply(property.Name), key = path.Length == 0 ? name : $"{path}.{name}";
            object? value = property.GetValue(defaults);
            properties[name] = property.PropertyType.Namespace == type.Namespace ? Of(property.PropertyType, value!, key) : Value(property.PropertyType, value, key);
        }

        return new() { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
    }

    private static JsonObject Value(Type declared, object? standard, string key)
    {
        Type type = Nullable.GetUnderlyingType(declared) ?? declared;
        JsonObject schema = new() { ["type"] = type == typeof(bool) ? "boolean" : type == typeof(string) ? "string" : type == typeof(int) ? "integer" : "number" };
        if (standard is not null)
            schema["default"] = JsonSerializer.SerializeToNode(standard, type);
        if (PolicyBounds.All.FirstOrDefault(b => b.Key == key) is { } bound)
        {
            schema[bound.IsOpen ? "exclusiveMinimum" : "minimum"] = bound.Low;
            schema["maximum"] = bound.High;
            schema["description"] = $"{char.ToUpperInvariant(bound.Words[0])}{bound.Words[1..]}.";
        }

        return schema;
    }
}
