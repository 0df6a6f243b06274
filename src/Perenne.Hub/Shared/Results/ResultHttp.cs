namespace Perenne.Hub.Shared.Results;

/// <summary>The one place where expected failures become RFC 9457 problem details.</summary>
internal static class ResultHttp
{
    public static IResult ToProblem(this HubError error) => error is InvalidInput invalid
        ? TypedResults.ValidationProblem(invalid.Fields.ToDictionary(), detail: invalid.Detail, type: TypeOf(error))
        : TypedResults.Problem(error.Detail, statusCode: error.Status, type: TypeOf(error), extensions: [new("code", error.Code)]);

    public static IResult ToOk<T>(this Result<T> result) =>
        result.Succeeded ? (result.Value is Done ? TypedResults.NoContent() : TypedResults.Ok(result.Value)) : result.Error.ToProblem();

    public static IResult ToCreated<T>(this Result<T> result, Func<T, string> location) =>
        result.Succeeded ? TypedResults.Created(location(result.Value), result.Value) : result.Error.ToProblem();

    private static string TypeOf(HubError error) => "urn:perenne:error:" + error.Code;
}
