using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <param name="After">The <see cref="UserPage.Next"/> of the page before; null for the first.</param>
/// <param name="Text">Part of a name or an e-mail address.</param>
internal sealed record ListUsersRequest(Guid? After = null, int Take = 100, string? Text = null);

internal sealed record UserRow(
    Guid Id, string Name, string Email, bool IsInstanceAdministrator, int Memberships, DateTimeOffset CreatedAt, DateTimeOffset? LastSeenAt, DateTimeOffset? DisabledAt);

/// <param name="Next">Ask with after=… for more; null on the last page.</param>
internal sealed record UserPage(IReadOnlyList<UserRow> Rows, Guid? Next);

/// <summary>Everybody with an account on this hub, in the order in which the accounts were made.</summary>
internal sealed class ListUsers(HubDbContext db)
{
    public async Task<Result<UserPage>> HandleAsync(ListUsersRequest request, CancellationToken cancel)
    {
        int take = Math.Clamp(request.Take, 1, 500);
        string? part = string.IsNullOrWhiteSpace(request.Text) ? null : request.Text.Trim().ToUpperInvariant();
        List<UserRow> rows = await db.Users
            .Where(u => request.After == null || u.Id.CompareTo(request.After.Value) > 0)
#pragma warning disable CA1304, CA1311, CA1862 // Becomes SQL's upper(); the overloads with a culture or a comparison have no translation.
            .Where(u => part == null || u.NormalizedEmail!.Contains(part) || u.DisplayName.ToUpper().Contains(part))
#pragma warning restore CA1304, CA1311, CA1862
            .OrderBy(u => u.Id).Take(take + 1)
            .Select(u => new UserRow(u.Id, u.DisplayName, u.Email!, u.IsInstanceAdministrator, db.Set<Membership>().Count(m => m.UserId == u.Id), u.CreatedAt, u.LastSeenAt, u.DisabledAt))
            .ToListAsync(cancel);
        return new UserPage(rows[..Math.Min(take, rows.Count)], rows.Count > take ? rows[take - 1].Id : null);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/users", async (ListUsers handler, Guid? after, int? take, string? text, CancellationToken cancel) =>
            (await handler.HandleAsync(new(after, take ?? 100, text), cancel)).ToOk())
        .Requires(HubAction.InstanceManage).Produces<UserPage>().WithTags("Users").WithName("ListUsers")
        .WithSummary("Everybody with an account on this hub, page by page (instance administrators).");
}
