using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Perenne.Hub.Shared.Pages;

internal sealed record FlashMessage(bool Good, string Words);

/// <summary>A sentence that survives the redirect after a form, in a cookie: no server-side session to share between processes.</summary>
internal sealed class Flash(IHttpContextAccessor accessor)
{
    private const string Cookie = "perenne.flash";

    public void Good(string words) => Set(new(true, words));

    public void Bad(string words) => Set(new(false, words));

    public FlashMessage? Take()
    {
        HttpContext? http = accessor.HttpContext;
        if (http?.Request.Cookies[Cookie] is not { Length: > 0 } value || http.Response.HasStarted)
            return null;
        http.Response.Cookies.Delete(Cookie);
        try
        {
            return JsonSerializer.Deserialize<FlashMessage>(WebEncoders.Base64UrlDecode(value));
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null; // Not ours; nothing is owed to it.
        }
    }

    private void Set(FlashMessage message) => accessor.HttpContext?.Response.Cookies.Append(
        Cookie, WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(message)),
        new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromMinutes(1), IsEssential = true });
}
