using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Organizations;

/// <summary>Organizations, people, rights, projects, label schemas.</summary>
internal static class OrganizationsFeature
{
    private const string SchemeChoice = "CookieOrToken";

    public static void AddOrganizations(this IServiceCollection services, HubOptions options)
    {
        services.AddAuthentication(SchemeChoice)
            .AddPolicyScheme(SchemeChoice, null, choice => choice.ForwardDefaultSelector = http =>
                TokenAuthentication.IsUsedBy(http.Request) ? TokenAuthentication.SchemeName : IdentityConstants.ApplicationScheme)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null)
            .AddIdentityCookies();
        services.AddIdentityCore<User>(identity =>
        {
            identity.User.RequireUniqueEmail = true;
            identity.Password.RequiredLength = 12;
            identity.Password.RequireNonAlphanumeric = false;
            identity.Password.RequireUppercase = false;
            identity.Password.RequireDigit = false;
            identity.Password.RequiredUniqueChars = 5;
            identity.Lockout.MaxFailedAccessAttempts = 8;
            identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(10);
        }).AddEntityFrameworkStores<HubDbContext>().AddSignInManager().AddDefaultTokenProviders();
        _ = options;
    }

    public static void MapOrganizations(this IEndpointRouteBuilder routes)
    {
        _ = routes;
    }
}
