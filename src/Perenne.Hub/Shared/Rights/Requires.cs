namespace Perenne.Hub.Shared.Rights;

/// <summary>The action an endpoint or page needs. Without one (or <see cref="OpenToAnyoneAttribute"/>) the hub does not start.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class RequiresAttribute(HubAction action) : Attribute
{
    public HubAction Action { get; } = action;
}

/// <summary>Deliberately open: sign-in, health, static assets. <see cref="Why"/> is for the reader.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class OpenToAnyoneAttribute(string why) : Attribute
{
    public string Why { get; } = why;
}

internal static class RequiresExtensions
{
    public static TBuilder Requires<TBuilder>(this TBuilder builder, HubAction action)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RequiresAttribute(action));

    public static TBuilder OpenToAnyone<TBuilder>(this TBuilder builder, string why)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new OpenToAnyoneAttribute(why));
}
