using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests;

internal sealed record TestOrganization(Guid Id, string Slug, string Name);

internal sealed record TestProject(Guid Id, string Slug, string Name, TestOrganization Owner);

/// <param name="Token">A personal token with every scope.</param>
internal sealed record TestPerson(Guid Id, string Name, string Email, string Token, Role? Role, TestOrganization? Organization);

internal sealed record TestMachine(Guid Id, string Name, string Token, TestOrganization Organization);
