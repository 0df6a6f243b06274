using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Perenne.Hub.Share.Webhooks;

/// <summary>Secrets of webhooks, and the signature made with them.</summary>
internal sealed class WebhookSecrets(IDataProtectionProvider protection)
{
    public const string Header = "Perenne-Signature";

    private readonly IDataProtector protector = protection.CreateProtector("Perenne.Webhooks.v1");

    /// <returns>The secret, to be shown once, and what is stored.</returns>
    public (string Secret, string Stored) New()
    {
        string secret = Organizations.Secret.New("prw_");
        return (secret, protector.Protect(secret));
    }

    public string Sign(Webhook hook, long at, string body) => Sign(protector.Unprotect(hook.ProtectedSecret), at, body);

    /// <summary>"t=UNIX,v1=HEX": HMAC-SHA256 over "UNIX.BODY". The time is signed, so that a receiver can refuse what is replayed later.</summary>
    internal static string Sign(string secret, long at, string body)
    {
        string time = at.ToString(CultureInfo.InvariantCulture);
        return $"t={time},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}.{body}")))}";
    }
}
