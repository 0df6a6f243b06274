using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <param name="Language">"en", "fr", or null to follow the browser.</param>
/// <param name="Theme">"light", "dark", or null to follow the system.</param>
/// <param name="TimeZone">IANA name, or null to follow the organization.</param>
internal sealed record EditMeRequest(string Name, string? Language = null, string? Theme = null, string? TimeZone = null);

internal sealed class EditMe(HubDbContext db, CurrentAccess access)
{
    public async Task<Result<Done>> HandleAsync(EditMeRequest request, CancellationToken cancel)
    {
        HubError? invalid = new Check()
            .Text(request.Name, "name", "Your name", 200)
            .That(request.Language is null or "en" or "fr", "language", "Choose 'en' or 'fr', or nothing to follow the browser.")
            .That(request.Theme is null or "light" or "dark", "theme", "Choose 'light' or 'dark', or nothing to follow the system.")
            .That(request.TimeZone is null || TimeZoneInfo.TryFindSystemTimeZoneById(request.TimeZone, out _), "timeZone", $"'{request.TimeZone}' is not a time zone. Use an IANA name such as 'Europe/Paris'.")
            .Error;
        if (invalid is not null)
            return invalid;
        await db.Users.Where(u => u.Id == access.Actor.Id).ExecuteUpdateAsync(
            set => set.SetProperty(u => u.DisplayName, request.Name.Trim()).SetProperty(u => u.Language, request.Language)
                .SetProperty(u => u.Theme, request.Theme).SetProperty(u => u.TimeZone, request.TimeZone), cancel);
        return default(Done);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/me", async (EditMeRequest request, EditMe handler, CancellationToken cancel) => (await handler.HandleAsync(request, cancel)).ToOk())
        .Requires(HubAction.SelfManage).Produces(204).WithTags("Me").WithName("EditMe")
        .WithExample(new EditMeRequest("Anna", "fr", "dark", "Europe/Paris"))
        .WithSummary("Change your name, language, theme and time zone.");
}
