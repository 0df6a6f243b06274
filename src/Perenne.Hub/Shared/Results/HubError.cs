namespace Perenne.Hub.Shared.Results;

/// <summary>An expected failure: a stable code for programs, a status, and a sentence that says what to change.</summary>
internal record HubError(string Code, int Status, string Detail)
{
    public static HubError NotFound(string what) => new("not-found", StatusCodes.Status404NotFound, $"{what} does not exist or is not visible to you.");

    public static HubError Conflict(string code, string detail) => new(code, StatusCodes.Status409Conflict, detail);

    public static HubError Forbidden(string detail) => new("forbidden", StatusCodes.Status403Forbidden, detail);

    public static HubError Invalid(string field, string detail) => new InvalidInput(new Dictionary<string, string[]> { [field] = [detail] });
}

/// <summary>Bad input, by field. The field names are those of the request.</summary>
internal sealed record InvalidInput(IReadOnlyDictionary<string, string[]> Fields)
    : HubError("invalid-input", StatusCodes.Status400BadRequest, string.Join(" ", Fields.SelectMany(f => f.Value)));
