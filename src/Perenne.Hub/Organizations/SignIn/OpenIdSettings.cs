using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Perenne.Hub.Shared;

namespace Perenne.Hub.Organizations;

/// <summary>Sign-in by an outside provider: authorization code with PKCE, state and nonce. Only where it is configured.</summary>
internal static class OpenIdSettings
{
    public const string SchemeName = "openid";

    private const string VerifiedClaim = "email_verified";

    public static void AddHubOpenId(this AuthenticationBuilder authentication, OpenIdOptions options)
    {
        if (!options.IsConfigured)
            return;
        authentication.AddOpenIdConnect(SchemeName, options.DisplayName, openId =>
        {
            openId.Authority = options.Authority;
            openId.ClientId = options.ClientId;
            openId.ClientSecret = options.ClientSecret;
            openId.RequireHttpsMetadata = !IsOnThisMachine(options.Authority);
            openId.SignInScheme = IdentityConstants.ExternalScheme;
            openId.CallbackPath = "/sign-in/openid/back";
            openId.ResponseType = OpenIdConnectResponseType.Code;
            // Back by GET: a form posted by the provider's page would need SameSite=None cookies, which browsers refuse without TLS.
            openId.ResponseMode = OpenIdConnectResponseMode.Query;
            openId.CorrelationCookie.SameSite = SameSiteMode.Lax;
            openId.NonceCookie.SameSite = SameSiteMode.Lax;
            openId.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            openId.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            openId.UsePkce = true;
            openId.MapInboundClaims = false;
            openId.SaveTokens = false; // Nothing is asked of the provider after the sign-in.
            openId.Scope.Clear();
            foreach (string scope in (string[])["openid", "profile", "email"])
                openId.Scope.Add(scope);
            openId.GetClaimsFromUserInfoEndpoint = true; // Some providers give the e-mail address only there.
            openId.ClaimActions.MapUniqueJsonKey(VerifiedClaim, VerifiedClaim);
            openId.Events = new()
            {
                OnAccessDenied = context => BackToSignIn(context, OpenIdSignIn.Cancelled),
                OnRemoteFailure = context =>
                {
                    context.HttpContext.RequestServices.GetRequiredService<ILogger<OpenIdSignIn>>()
                        .LogWarning(context.Failure, "A sign-in by {Authority} failed.", options.Authority);
                    return BackToSignIn(context, OpenIdSignIn.Failed);
                },
            };
        });
    }

    private static Task BackToSignIn(HandleRequestContext<RemoteAuthenticationOptions> context, string problem)
    {
        context.Response.Redirect(OpenIdSignIn.SignInPage(problem));
        context.HandleResponse();
        return Task.CompletedTask;
    }

    // Without TLS the provider's keys could be exchanged on the way; on the same machine there is no way.
    private static bool IsOnThisMachine(string? authority) => Uri.TryCreate(authority, UriKind.Absolute, out Uri? uri) && uri.IsLoopback;
}
