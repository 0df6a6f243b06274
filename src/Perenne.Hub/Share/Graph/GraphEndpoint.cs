using System.Text.Json;
using GraphQL;
using GraphQL.Execution;
using GraphQL.SystemTextJson;
using GraphQL.Validation;
using GraphQL.Validation.Complexity;
using GraphQL.Validation.Rules.Custom;
using GraphQLParser;
using GraphQLParser.AST;
using GraphQLParser.Exceptions;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Share.Graph;

/// <summary>POST /graphql: one read-only query under the caller's rights, within limits of depth and cost.</summary>
internal sealed class GraphEndpoint(GraphSchema schema)
{
    /// <summary>The usual introspection query is 13 deep.</summary>
    public const int MaxDepth = 15;

    /// <summary>Fields, multiplied by what 'first' asks for and by 20 for other lists.</summary>
    public const int MaxCost = 100_000;

    /// <summary>Of queries that ask for nothing but the schema: the usual one costs 470,000 by the same count, and reads no data.</summary>
    private const int MaxIntrospectionCost = 1_000_000;

    private const int MaxQuery = 20_000;

    private static readonly GraphQLSerializer Json = new();

    // One field after the other: a database context serves one at a time, and each field has a scope of its own.
    private readonly DocumentExecuter executer = new(new GraphQLDocumentBuilder(), new DocumentValidator(),
        new DefaultExecutionStrategySelector([new ExecutionStrategyRegistration(new SerialExecutionStrategy(), OperationType.Query)]), []);

    private readonly IValidationRule[] rules = Rules(MaxCost), ofSchema = Rules(MaxIntrospectionCost);

    internal sealed record Request(string? Query, string? OperationName = null, JsonElement? Variables = null);

    public async Task<IResult> AnswerAsync(Request request, HttpContext http)
    {
        if (string.IsNullOrWhiteSpace(request.Query) || request.Query.Length > MaxQuery)
            return HubError.Invalid("query", $"Send a query of 1 to {MaxQuery} characters as \"query\".").ToProblem();
        if (request.Variables is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Undefined) })
            return HubError.Invalid("variables", "\"variables\" is an object.").ToProblem();
        ExecutionResult result = await executer.ExecuteAsync(options =>
        {
            options.Schema = schema;
            options.Query = request.Query;
            options.OperationName = request.OperationName;
            options.Variables = request.Variables is { ValueKind: JsonValueKind.Object } variables ? Json.ReadNode<Inputs>(variables) : null;
            options.RequestServices = http.RequestServices;
            options.ValidationRules = AsksForTheSchemaOnly(request.Query) ? ofSchema : rules;
            options.CancellationToken = http.RequestAborted;
            options.UnhandledExceptionDelegate = context =>
            {
                http.RequestServices.GetRequiredService<ILogger<GraphEndpoint>>().LogError(context.OriginalException, "A field of a GraphQL query failed.");
                context.ErrorMessage = "This field could not be read; the hub's log says why.";
                return Task.CompletedTask;
            };
        });
        // A query that was not executed is the sender's mistake; errors of single fields come beside the data.
        return Results.Text(Json.Serialize(result), "application/json", statusCode: result.Executed ? 200 : 400);
    }

    private static IValidationRule[] Rules(int cost) => [.. DocumentValidator.CoreRules, new ComplexityValidationRule(new ComplexityOptions { MaxDepth = MaxDepth, MaxComplexity = cost })];

    private static bool AsksForTheSchemaOnly(string query)
    {
        try
        {
            return Parser.Parse(query).Definitions.OfType<GraphQLOperationDefinition>().SelectMany(o => o.SelectionSet.Selections)
                .All(s => s is GraphQLField field && field.Name.StringValue.StartsWith("__", StringComparison.Ordinal));
        }
        catch (GraphQLParserException)
        {
            return false; // The executer says what is wrong with it.
        }
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/graphql", (Request body, GraphEndpoint endpoint, HttpContext http) => endpoint.AnswerAsync(body, http)).Requires(HubAction.SelfRead).ExcludeFromDescription();
        routes.MapGet("/graphql/schema", (GraphSchema schema) => Results.Text(schema.Sdl(), "text/plain")).Requires(HubAction.SelfRead).ExcludeFromDescription();
    }
}
