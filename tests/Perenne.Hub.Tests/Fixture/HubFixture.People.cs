using Perenne.Hub.Organizations;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Rights;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Tests;

/// <summary>Organizations, people and projects by name, written straight into the database.</summary>
public abstract partial class HubFixture
{
    public const string Password = "correct horse battery";

    internal Task<TestOrganization> Organization(string name) => Write((db, id, now) =>
    {
        Organization organization = new() { Id = id, Slug = $"{name}-{NextNumber()}", Name = name, CreatedAt = now };
        db.Add(organization);
        return new TestOrganization(id, organization.Slug, name);
    });

    internal Task<TestProject> Project(string name, TestOrganization owner, params TestOrganization[] others) => Write((db, id, now) =>
    {
        Project project = new() { Id = id, Slug = $"{name}-{NextNumber()}", Name = name, OwnerOrganizationId = owner.Id, CreatedAt = now };
        foreach (TestOrganization organization in others.Prepend(owner))
            project.Organizations.Add(new() { ProjectId = id, OrganizationId = organization.Id, AddedAt = now });
        db.Add(project);
        return new TestProject(id, project.Slug, name, owner);
    });

    /// <summary>A person without any role.</summary>
    internal Task<TestPerson> Person(string name, bool instanceAdministrator = false) => Person(name, null, null, null, instanceAdministrator);

    internal Task<TestPerson> Person(string name, Role role, TestOrganization @in, TestProject? on = null) => Person(name, role, @in, on, false);

    /// <summary>A token of the person with these scopes only.</summary>
    internal Task<string> Token(TestPerson person, params TokenScope[] scopes) => Write((db, id, now) => AddToken(db, id, now, person.Id, scopes));

    internal Task<TestMachine> Machine(string name, TestOrganization @in) => Write((db, id, now) =>
    {
        string token = Secret.New(Secret.MachinePrefix);
        Machine machine = new() { Id = id, OrganizationId = @in.Id, Name = $"{name}-{NextNumber()}", TokenHash = Secret.Hash(token), CreatedAt = now, EnrolledAt = now };
        db.Add(machine);
        return new TestMachine(id, machine.Name, token, @in);
    });

    private Task<TestPerson> Person(string name, Role? role, TestOrganization? organization, TestProject? project, bool instanceAdministrator) => Write((db, id, now) =>
    {
        string email = $"{name}-{NextNumber()}@example.org";
        User user = new()
        {
            Id = id, DisplayName = name, UserName = email, NormalizedUserName = email.ToUpperInvariant(), Email = email, NormalizedEmail = email.ToUpperInvariant(),
            EmailConfirmed = true, LockoutEnabled = true, SecurityStamp = id.ToString("N"), CreatedAt = now, IsInstanceAdministrator = instanceAdministrator,
            PasswordHash = QuickHash,
        };
        db.Add(user);
        if (role is { } given)
            db.Add(new Membership { Id = App.Services.GetRequiredService<IdSource>().Next(), UserId = id, OrganizationId = organization!.Id, ProjectId = project?.Id, Role = given, CreatedAt = now });
        string token = AddToken(db, App.Services.GetRequiredService<IdSource>().Next(), now, id, [TokenScope.Admin]);
        return new TestPerson(id, name, email, token, role, organization);
    });

    // Hashed once: the real cost of 100,000 rounds for each of hundreds of people would be most of the suite's time.
    private static readonly string QuickHash = new PasswordHasher<User>().HashPassword(null!, Password);

    private static string AddToken(HubDbContext db, Guid id, DateTimeOffset now, Guid user, IEnumerable<TokenScope> scopes)
    {
        string token = Secret.New(Secret.PersonalPrefix);
        db.Add(new ApiToken { Id = id, UserId = user, Name = "tests", Start = token[..8], Hash = Secret.Hash(token), Scopes = [.. scopes], CreatedAt = now });
        return token;
    }

    private Task<T> Write<T>(Func<HubDbContext, Guid, DateTimeOffset, T> build) => Inside(async db =>
    {
        T built = build(db, App.Services.GetRequiredService<IdSource>().Next(), Time.GetUtcNow());
        await db.SaveChangesAsync();
        return built;
    });
}
