namespace Perenne.Hub.Shared.Results;

/// <summary>Collects what is wrong with a request, field by field, so that a person sees all of it at once.</summary>
internal sealed class Check
{
    private readonly Dictionary<string, List<string>> problems = [];

    public HubError? Error => problems.Count == 0 ? null : new InvalidInput(problems.ToDictionary(p => p.Key, p => p.Value.ToArray()));

    public Check That(bool holds, string field, string sentence)
    {
        if (!holds)
            (problems.TryGetValue(field, out List<string>? list) ? list : problems[field] = []).Add(sentence);
        return this;
    }

    public Check Text(string? value, string field, string what, int longest) => That(
        !string.IsNullOrWhiteSpace(value) && value.Trim().Length <= longest, field,
        string.IsNullOrWhiteSpace(value) ? $"{what} is missing." : $"{what} is longer than {longest} characters. Shorten it.");
}
