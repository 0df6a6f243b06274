using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Shared.Hosting;

/// <summary>/openapi/v1.json: what the API offers, and the action each operation needs.</summary>
internal static class ApiDescription
{
    public static void AddHubOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.ShouldInclude = api => api.RelativePath?.Split('/')[0] is "api" or "station";
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = "Perenne", Version = "v1", Description = "Authenticate with 'Authorization: Bearer' and an API token. Refusals are problem details (RFC 9457) with a sentence that says what to change." };
            document.Servers = []; // The same document on every hub.
            document.Components ??= new();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes["token"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API token (prn_…) or a station's token (prm_…)." };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
            RequiresAttribute? requires = metadata.OfType<RequiresAttribute>().FirstOrDefault();
            operation.Description = requires is null
                ? "Open: " + metadata.OfType<OpenToAnyoneAttribute>().FirstOrDefault()?.Why
                : $"Needs the right {requires.Action}.";
            // A list may always be empty; the generated request delegates describe it as required.
            foreach (OpenApiParameter list in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(p => p.In == ParameterLocation.Query && p.Schema?.Type == JsonSchemaType.Array))
                list.Required = false;
            if (requires is not null)
                operation.Security = [new() { [new OpenApiSecuritySchemeReference("token", context.Document)] = [] }];
            if (metadata.OfType<RequestExample>().FirstOrDefault() is { } example && operation.RequestBody?.Content?.TryGetValue("application/json", out OpenApiMediaType? json) == true)
                json.Example = JsonSerializer.SerializeToNode(example.Body, context.ApplicationServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);
            if (metadata.OfType<AnswerExample>().FirstOrDefault() is { } answer && operation.Responses?.TryGetValue("200", out IOpenApiResponse? ok) == true
                && ok.Content?.TryGetValue("application/json", out OpenApiMediaType? answered) == true)
                answered.Example = JsonSerializer.SerializeToNode(answer.Body, context.ApplicationServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);
            return Task.CompletedTask;
        });
    });

    public static void MapHubOpenApi(this WebApplication app) =>
        app.MapOpenApi().OpenToAnyone("Describes the API and holds no data.");
}
