using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Organizations;

/// <summary>Cookies for browsers, tokens for programs, password rules, lock-out.</summary>
internal static class IdentitySettings
{
    private const string SchemeChoice = "CookieOrToken";

    public static void AddHubIdentity(this IServiceCollection services, HubOptions options)
    {
        AuthenticationBuilder authentication = services.AddAuthentication(SchemeChoice)
            .AddPolicyScheme(SchemeChoice, null, choice => choice.ForwardDefaultSelector = http =>
                TokenAuthentication.IsUsedBy(http.Request) ? TokenAuthentication.SchemeName : IdentityConstants.ApplicationScheme)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null);
        authentication.AddIdentityCookies();
        authentication.AddHubOpenId(options.OpenId);
        services.ConfigureApplicationCookie(cookie =>
        {
            cookie.Cookie.Name = "perenne";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.ExpireTimeSpan = TimeSpan.FromDays(14);
            cookie.SlidingExpiration = true;
        });
        services.AddIdentityCore<User>(identity =>
        {
            identity.User.RequireUniqueEmail = true;
            identity.User.AllowedUserNameCharacters = ""; // User names are e-mail addresses, which have their own check.
            // Length instead of kinds of characters (NIST SP 800-63B, 5.1.1.2).
            identity.Password.RequiredLength = 12;
            identity.Password.RequireNonAlphanumeric = false;
            identity.Password.RequireUppercase = false;
            identity.Password.RequireLowercase = false;
            identity.Password.RequireDigit = false;
            identity.Password.RequiredUniqueChars = 5;
            identity.Lockout.MaxFailedAccessAttempts = 8;
            identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(10);
        }).AddEntityFrameworkStores<HubDbContext>().AddSignInManager().AddDefaultTokenProviders();
    }
}
