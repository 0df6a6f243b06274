using System.Reflection;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;

namespace Perenne.Architecture.Tests;

/// <summary>The borders between the hub's features.</summary>
public class HubTests
{
    private static readonly Assembly Hub = typeof(HubHost).Assembly;

    private static IEnumerable<Type> OurTypes => Hub.GetTypes().Where(t => t.Namespace?.StartsWith("Perenne.Hub", StringComparison.Ordinal) == true
        && !t.Namespace.Contains("Migrations", StringComparison.Ordinal) && !t.Name.Contains('<', StringComparison.Ordinal) && t.DeclaringType is null);

    [Fact]
    public void Only_the_host_and_the_pages_are_public()
    {
        var open = OurTypes.Where(t => t.IsPublic && t != typeof(HubHost) && !typeof(IComponent).IsAssignableFrom(t)).Select(t => t.FullName);
        Assert.Empty(open);
    }

    [Fact]
    public void Every_class_that_is_no_base_class_is_sealed()
    {
        HashSet<Type?> bases = [.. OurTypes.Select(t => t.BaseType is { IsGenericType: true } generic ? generic.GetGenericTypeDefinition() : t.BaseType)];
        var open = OurTypes.Where(t => t is { IsClass: true, IsAbstract: false, IsSealed: false } && !bases.Contains(t) && !typeof(IComponent).IsAssignableFrom(t)).Select(t => t.FullName);
        Assert.Empty(open);
    }

    [Fact]
    public void An_entity_is_configured_in_the_feature_that_owns_it()
    {
        foreach (Type configuration in OurTypes.Where(t => !t.IsAbstract))
        {
            foreach (Type contract in configuration.GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEntityTypeConfiguration<>)))
                Assert.Equal(Feature(contract.GenericTypeArguments[0]), Feature(configuration));
        }
    }

    [Fact]
    public void No_interface_has_a_single_implementation_without_a_reason()
    {
        // Contracts of the framework, markers, and the two blob stores are fine; a new lone interface is a question.
        string[] reasons = ["IOrganizationOwned", "IBlobStore", "IWorkHandler"];
        var lone = OurTypes.Where(t => t.IsInterface && !reasons.Contains(t.Name))
            .Where(i => OurTypes.Count(t => t is { IsClass: true, IsAbstract: false } && i.IsAssignableFrom(t)) < 2).Select(t => t.FullName);
        Assert.Empty(lone);
    }

    // Perenne.Hub.Collect.Gallery -> Collect
    private static string Feature(Type type) => type.Namespace!.Split('.') is [_, _, var feature, ..] ? feature : "";
}
