using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Perenne.Hub.Tests;

/// <summary>
/// A small OpenID provider over HTTP: discovery, keys, authorize, token. Whoever is in <see cref="SignedIn"/> is signed in there already.
/// It is strict: unknown client, wrong secret, used code, missing state or nonce and a wrong PKCE verifier are refused.
/// </summary>
internal sealed class OpenIdProvider : IAsyncDisposable
{
    public const string ClientId = "perenne-hub", ClientSecret = "the client's secret";

    private readonly ConcurrentDictionary<string, (string Challenge, string Nonce, string RedirectUri, Account Account)> codes = new();
    private readonly RSA signing = RSA.Create(2048), other = RSA.Create(2048);
    private readonly WebApplication app;

    public sealed record Account(string Subject, string Email, bool Verified, string Name);

    public OpenIdProvider()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.MapGet("/.well-known/openid-configuration", () => new Dictionary<string, object>
        {
            ["issuer"] = Issuer, ["authorization_endpoint"] = Issuer + "/authorize", ["token_endpoint"] = Issuer + "/token", ["jwks_uri"] = Issuer + "/keys",
            ["response_types_supported"] = new[] { "code" }, ["subject_types_supported"] = new[] { "public" }, ["id_token_signing_alg_values_supported"] = new[] { "RS256" },
        });
        app.MapGet("/keys", () => new { keys = new[] { PublicKey() } });
        app.MapGet("/authorize", Authorize);
        app.MapPost("/token", TokenAsync);
    }

    public Account? SignedIn { get; set; }

    /// <summary>Sign with a key that is not among the published ones.</summary>
    public bool Forges { get; set; }

    /// <summary>Answer with the nonce of another sign-in.</summary>
    public bool Replays { get; set; }

    public string Issuer => app.Urls.First();

    public Task StartAsync() => app.StartAsync();

    private IResult Authorize(HttpRequest request)
    {
        string Asked(string name) => request.Query[name].ToString();
        if (Asked("client_id") != ClientId || Asked("response_type") != "code" || Asked("code_challenge_method") != "S256" || Asked("state").Length == 0 || Asked("nonce").Length == 0
            || !Asked("scope").Split(' ').Contains("openid"))
            return Results.BadRequest("The authorization request is not what this client agreed to.");
        if (SignedIn is null)
            return Results.Redirect(QueryHelpers.AddQueryString(Asked("redirect_uri"), new Dictionary<string, string?> { ["error"] = "access_denied", ["state"] = Asked("state") }));
        string code = RandomNumberGenerator.GetHexString(32);
        codes[code] = (Asked("code_challenge"), Asked("nonce"), Asked("redirect_uri"), SignedIn);
        return Results.Redirect(QueryHelpers.AddQueryString(Asked("redirect_uri"), new Dictionary<string, string?> { ["code"] = code, ["state"] = Asked("state") }));
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        IFormCollection form = await request.ReadFormAsync();
        string verifier = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (form["client_id"] != ClientId || form["client_secret"] != ClientSecret || !codes.TryRemove(form["code"].ToString(), out var asked)
            || asked.Challenge != verifier || asked.RedirectUri != form["redirect_uri"])
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        JsonWebTokenHandler handler = new();
        string token = handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer, Audience = ClientId,
            SigningCredentials = new(new RsaSecurityKey(Forges ? other : signing) { KeyId = "1" }, SecurityAlgorithms.RsaSha256),
            Claims = new Dictionary<string, object>
            {
                ["sub"] = asked.Account.Subject, ["email"] = asked.Account.Email, ["email_verified"] = asked.Account.Verified, ["name"] = asked.Account.Name,
                ["nonce"] = Replays ? "of another sign-in" : asked.Nonce,
            },
        });
        return Results.Json(new { access_token = "not used", token_type = "Bearer", expires_in = 60, id_token = token });
    }

    private Dictionary<string, string> PublicKey()
    {
        RSAParameters key = signing.ExportParameters(includePrivateParameters: false);
        return new() { ["kty"] = "RSA", ["use"] = "sig", ["alg"] = "RS256", ["kid"] = "1", ["n"] = WebEncoders.Base64UrlEncode(key.Modulus!), ["e"] = WebEncoders.Base64UrlEncode(key.Exponent!) };
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        signing.Dispose();
        other.Dispose();
    }
}

public sealed class OpenIdHub : SqliteHub
{
    internal OpenIdProvider Provider { get; } = new();

    protected override IEnumerable<string> Settings =>
        ["--Hub:OpenId:Authority", Provider.Issuer, "--Hub:OpenId:ClientId", OpenIdProvider.ClientId, "--Hub:OpenId:ClientSecret", OpenIdProvider.ClientSecret, "--Hub:OpenId:DisplayName", "Works account"];

    public override async ValueTask InitializeAsync()
    {
        await Provider.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Provider.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
