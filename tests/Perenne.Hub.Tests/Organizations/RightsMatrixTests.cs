using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Organizations;

/// <summary>
/// Every endpoint the hub maps × everybody × their own and a foreign organization, asked of a running hub. Endpoints come from the
/// routing table and the expectation from the rights table, so a new endpoint is covered the moment it is mapped.
/// </summary>
public abstract class RightsMatrixTests(HubFixture hub) : HubTests(hub)
{
    private sealed record Place(TestOrganization Organization, TestProject Project);

    private sealed record Caller(string Name, HttpClient Client, Role? Role, bool IsInstanceAdministrator, bool IsPerson, IReadOnlySet<HubAction>? Token);

    private IEnumerable<RouteEndpoint> Endpoints => ((IEndpointRouteBuilder)Hub.App).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>();

    [Fact]
    public void Every_endpoint_declares_an_action_that_has_a_row_in_the_table()
    {
        Assert.NotEmpty(Endpoints);
        Assert.All(Endpoints, endpoint =>
        {
            RequiresAttribute? requires = endpoint.Metadata.GetMetadata<RequiresAttribute>();
            OpenToAnyoneAttribute? open = endpoint.Metadata.GetMetadata<OpenToAnyoneAttribute>();
            Assert.True(requires is null != (open is null), $"{endpoint.DisplayName} must declare either an action or that it is open.");
            Assert.True(requires is null || RightsTable.IsDecided(requires.Action), $"{requires?.Action} has no row in the rights table.");
            Assert.True(open is null || open.Why.Length > 10, $"{endpoint.DisplayName} is open without a reason.");
        });
    }

    [Fact]
    public void Every_action_has_a_row_and_somebody_decided_what_a_token_needs_for_it()
    {
        Assert.All(Enum.GetValues<HubAction>(), action => Assert.True(RightsTable.IsDecided(action), $"{action} has no row."));
        Assert.All(Enum.GetValues<TokenScope>(), scope => Assert.Contains(HubAction.SelfRead, TokenScopes.Actions([scope])));
        IReadOnlySet<HubAction> ordinary = TokenScopes.Actions([TokenScope.Read, TokenScope.Annotate, TokenScope.Ingest, TokenScope.Write]);
        // Written out a second time, so that moving an action between the lists is a decision that somebody sees.
        HubAction[] administration = [HubAction.SelfManage, HubAction.InstanceManage, HubAction.OrganizationEdit, HubAction.MembersEdit, HubAction.MachinesEdit, HubAction.WebhooksEdit,
            HubAction.StationsEdit, HubAction.StationReport, HubAction.DeploymentsOverride];
        Assert.Equal(administration.Order(), TokenScopes.AdministrationOnly.Order());
        Assert.Empty(ordinary.Intersect(administration));
        Assert.All(Enum.GetValues<HubAction>(), action => Assert.True(
            ordinary.Contains(action) || administration.Contains(action), $"{action} is in no token scope: decide in TokenScope.cs."));
        Assert.Equal(Enum.GetValues<HubAction>().Order(), TokenScopes.Actions([TokenScope.Admin]).Order());
    }

    [Fact]
    public async Task Every_endpoint_answers_every_role_as_the_table_says()
    {
        Place lyon = await NewPlace("lyon"), porto = await NewPlace("porto");
        List<Caller> callers = await CallersIn(lyon);
        List<string> wrong = [];
        int asked = 0;
        ParallelOptions width = new() { MaxDegreeOfParallelism = 4, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(Endpoints.Where(e => e.Metadata.GetMetadata<RequiresAttribute>() is not null), width, async (endpoint, _) =>
        {
            HubAction action = endpoint.Metadata.GetMetadata<RequiresAttribute>()!.Action;
            bool namesPlace = endpoint.RoutePattern.Parameters.Any(p => p.Name is "organization" or "project");
            // A narrow token is looked at before the place is: its owner speaks for the foreign one.
            var cases = from caller in callers from place in namesPlace && caller.Token is null ? [lyon, porto] : new[] { lyon } from method in Methods(endpoint) select (caller, place, method);
            string?[] problems = await Task.WhenAll(cases.Select(async c =>
            {
                Interlocked.Increment(ref asked);
                HttpStatusCode status = await Ask(c.caller.Client, c.method, Address(endpoint, c.place), endpoint);
                string? problem = Judge(Expected(c.caller, action, namesPlace, isOwn: c.place == lyon), status);
                return problem is null ? null : $"{c.method} {endpoint.RoutePattern.RawText} ({action}) as {c.caller.Name} in {c.place.Organization.Name}: {problem}";
            }));
            lock (wrong)
                wrong.AddRange(problems.OfType<string>());
        });

        Assert.True(asked > 300, $"Only {asked} cases: the endpoints were not found.");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {asked} cases:\n" + string.Join('\n', wrong.Take(40)));
    }

    private enum Outcome
    {
        Allowed,
        SignIn,
        Forbidden,
        Hidden,
    }

    // Written against the table and DESIGN.md, not against AccessDecision: the two must agree.
    private static Outcome Expected(Caller caller, HubAction action, bool namesPlace, bool isOwn)
    {
        if (caller.Role is null && !caller.IsInstanceAdministrator && !caller.IsPerson)
            return Outcome.SignIn;
        if (caller.Token is not null && !caller.Token.Contains(action))
            return Outcome.Forbidden;
        if (caller.IsInstanceAdministrator)
            return Outcome.Allowed;
        if (action == HubAction.SelfRead)
            return Outcome.Allowed;
        if (action == HubAction.SelfManage)
            return caller.IsPerson ? Outcome.Allowed : Outcome.Forbidden;
        if (action == HubAction.InstanceManage)
            return Outcome.Forbidden;
        if (namesPlace && (!isOwn || caller.Role is null))
            return Outcome.Hidden;
        return caller.Role is { } role && RightsTable.RolesFor(action).Contains(role) ? Outcome.Allowed : Outcome.Forbidden;
    }

    // What is allowed may still be bad input (400), absent (404) or refused by the state (409): anything but a refusal of rights.
    private static string? Judge(Outcome expected, HttpStatusCode status) => expected switch
    {
        Outcome.Allowed when status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"allowed by the table, answered {(int)status}",
        Outcome.Allowed when (int)status >= 500 => $"failed with {(int)status}",
        Outcome.SignIn when status != HttpStatusCode.Unauthorized => $"nobody is asked to sign in, answered {(int)status}",
        Outcome.Forbidden when status != HttpStatusCode.Forbidden => $"forbidden by the table, answered {(int)status}",
        Outcome.Hidden when status != HttpStatusCode.NotFound => $"another organization must look absent, answered {(int)status}",
        _ => null,
    };

    private async Task<Place> NewPlace(string name)
    {
        TestOrganization organization = await Hub.Organization(name);
        return new(organization, await Hub.Project("pcb", organization));
    }

    private async Task<List<Caller>> CallersIn(Place place)
    {
        List<Caller> callers = [new("nobody", Hub.AsNobody(), null, false, false, null), new("an unknown token", Hub.WithToken("prn_unknown"), null, false, false, null)];
        foreach (Role role in Enum.GetValues<Role>().Where(r => r != Role.Station))
            callers.Add(new(role.ToString(), Hub.As(await Hub.Person(role.ToString(), role, @in: place.Organization)), role, false, true, null));
        callers.Add(new("a station", Hub.As(await Hub.Machine("station", @in: place.Organization)), Role.Station, false, false, null));
        callers.Add(new("a person without a role", Hub.As(await Hub.Person("zoe")), null, false, true, null));
        callers.Add(new("an instance administrator", Hub.As(await Hub.Person("ada", instanceAdministrator: true)), null, true, true, null));
        TestPerson administrator = await Hub.Person("tim", Role.Administrator, @in: place.Organization);
        foreach (TokenScope scope in Enum.GetValues<TokenScope>())
            callers.Add(new($"an administrator's token for {scope}", Hub.WithToken(await Hub.Token(administrator, scope)), Role.Administrator, false, true, TokenScopes.Actions([scope])));
        return callers;
    }

    private static IEnumerable<string> Methods(RouteEndpoint endpoint)
    {
        IReadOnlyList<string> methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"];
        // A page takes GET and POST at one endpoint; a POST without its form token is refused before any rights, so GET speaks for both.
        return methods.Contains("GET") ? ["GET"] : methods;
    }

    private static string Address(RouteEndpoint endpoint, Place place)
    {
        StringBuilder path = new();
        foreach (RoutePatternPathSegment segment in endpoint.RoutePattern.PathSegments)
            path.Append('/').AppendJoin("", segment.Parts.Select(part => part switch
            {
                RoutePatternLiteralPart literal => literal.Content,
                RoutePatternSeparatorPart separator => separator.Content,
                RoutePatternParameterPart parameter => Value(parameter, place),
                _ => "",
            }));
        return path.Length == 0 ? "/" : path.ToString();
    }

    private static string Value(RoutePatternParameterPart parameter, Place place) => parameter.Name switch
    {
        "organization" => place.Organization.Slug,
        "project" => place.Project.Slug,
        _ when parameter.ParameterPolicies.Any(p => p.Content is "int" or "long" || p.Content?.StartsWith("min(", StringComparison.Ordinal) == true) => "1",
        _ => "0194d3c0-0000-7000-8000-000000000001", // A well-formed id of nothing.
    };

    // Of a kind the endpoint accepts: a refusal of the media type (415) comes from the router and says nothing about rights.
    private static HttpContent Body(IReadOnlyList<string> accepted) =>
        accepted.Contains("application/x-www-form-urlencoded") ? new FormUrlEncodedContent([])
        : accepted.Contains("multipart/form-data") ? new MultipartFormDataContent { { new StringContent(""), "nothing" } }
        : new StringContent("{}", Encoding.UTF8, "application/json");

    private static async Task<HttpStatusCode> Ask(HttpClient client, string method, string address, Endpoint endpoint)
    {
        using HttpRequestMessage request = new(new(method), address);
        if (method is "POST" or "PUT" or "PATCH")
            request.Content = Body(endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes ?? []);
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return response.StatusCode;
    }
}

public sealed class RightsMatrixTestsOnSqlite(SqliteHub hub) : RightsMatrixTests(hub), IClassFixture<SqliteHub>;

public sealed class RightsMatrixTestsOnPostgres(PostgresHub hub) : RightsMatrixTests(hub), IClassFixture<PostgresHub>;
