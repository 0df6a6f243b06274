using Perenne.Hub.Shared.Results;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Perenne.Hub.Automate;

/// <summary>The policy as people write it. Unknown keys are refused with their line, so that a misspelt one is never a silent default.</summary>
internal static class PolicyYaml
{
    public const int LongestDocument = 20_000;

    public static Result<LoopPolicy> Read(string? yaml)
    {
        if (yaml is null)
            return HubError.Invalid("yaml", "The policy is missing. Send its text as 'yaml'.");
        if (yaml.Length > LongestDocument)
            return HubError.Invalid("yaml", $"The policy is longer than {LongestDocument:N0} characters.");
        LoopPolicy policy;
        try
        {
            // No type tags, no aliases that grow: the plain deserializer makes only the records above.
            policy = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build().Deserialize<LoopPolicy?>(yaml) ?? new();
        }
        catch (YamlException error)
        {
            return HubError.Invalid("yaml", $"Line {error.Start.Line}, column {error.Start.Column}: {Words(error)}");
        }

        string[] problems = [.. policy.Problems().Select(p => p.Problem)];
        return problems.Length == 0 ? policy : HubError.Invalid("yaml", string.Join(" ", problems));
    }

    public static string Write(LoopPolicy policy) => new SerializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build().Serialize(policy);

    private static string Words(YamlException error)
    {
        string deepest = (error.InnerException ?? error).Message;
        const string missing = "Property '";
        return deepest.StartsWith(missing, StringComparison.Ordinal) && deepest.IndexOf('\'', missing.Length) is > 0 and int end
            ? $"'{deepest[missing.Length..end]}' is not a key of the policy. Look at its spelling, or take it out."
            : deepest.TrimEnd('.') + ".";
    }
}
