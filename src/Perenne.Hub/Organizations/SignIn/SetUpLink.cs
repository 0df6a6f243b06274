using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <summary>While nobody has an account, every start prints a link that creates the first administrator.</summary>
internal sealed class SetUpLink(HubDbContext db, IdSource ids, TimeProvider time)
{
    /// <summary>The code for the page /set-up/{code}; null once there is an account.</summary>
    public async Task<string?> CreateAsync(CancellationToken cancel)
    {
        if (await db.Users.AnyAsync(cancel))
            return null;
        string code = Secret.New();
        DateTimeOffset now = time.GetUtcNow();
        db.Add(new OneTimeLink { Id = ids.Next(), Purpose = LinkPurpose.SetUp, Hash = Secret.Hash(code), CreatedAt = now, ExpiresAt = now.AddDays(7) });
        await db.SaveChangesAsync(cancel);
        return code;
    }

    /// <summary>Prints the link of a hub that has started.</summary>
    public static async Task OfferAsync(WebApplication app)
    {
        string? code;
        try
        {
            await using AsyncServiceScope scope = app.Services.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CurrentAccess>().ActAsSystem();
            code = await scope.ServiceProvider.GetRequiredService<SetUpLink>().CreateAsync(app.Lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return; // Stopped right after its start; the next start offers it.
        }

        if (code is null)
            return;
        string address = app.Services.GetRequiredService<IOptions<HubOptions>>().Value.PublicUrl
            ?? app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "";
        // Standard output, not the log: it is meant for the person who started the hub and must not be shipped to a log store.
        Console.WriteLine($"\nNobody has an account yet. Create the first administrator here (works once):\n\n    {address.TrimEnd('/')}/set-up/{code}\n");
    }
}
