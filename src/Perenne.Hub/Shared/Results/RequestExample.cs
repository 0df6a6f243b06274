namespace Perenne.Hub.Shared.Results;

/// <summary>A body the endpoint takes, for its description. An object of the request's own type, so that it cannot fall behind it.</summary>
internal sealed record RequestExample(object Body)
{
    public static Guid Id { get; } = new("0194d3c0-7a1e-7c3b-9f10-2b6f0c4d5e6f");
}

/// <summary>A body the endpoint answers with, for its description.</summary>
internal sealed record AnswerExample(object Body);

internal static class RequestExampleExtensions
{
    public static TBuilder WithExample<TBuilder>(this TBuilder builder, object body)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RequestExample(body));

    public static TBuilder WithAnswerExample<TBuilder>(this TBuilder builder, object body)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AnswerExample(body));
}
