using System.CommandLine;
using System.Globalization;

namespace Perenne.Cli.Hub;

/// <summary>The user's own API tokens.</summary>
internal static class TokenCommand
{
    public static Command Create() => new("token", "Make, list and revoke your API tokens.") { Make(), List(), Revoke() };

    private static Command Make()
    {
        Argument<string> name = new("NAME") { Description = "What the token is for; shown in the list." };
        Option<string[]> scopes = new("--scope") { Description = "read, annotate, ingest, write or admin; may be given several times.", DefaultValueFactory = _ => ["read"], AllowMultipleArgumentsPerToken = true };
        Option<int> days = new("--days") { Description = "Days until it expires.", DefaultValueFactory = _ => 90 };
        return new Command("create", "Make a token and print it. It is shown this once.") { name, scopes, days }.WithHub(async (hub, parsed, cancel) =>
        {
            Made made = await hub.PostAsync<Made>("api/v1/me/tokens", new { name = parsed.GetValue(name), scopes = parsed.GetValue(scopes), days = parsed.GetValue(days) }, cancel);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(made.Token);
            return 0;
        });
    }

    private static Command List() => new Command("list", "Your tokens, without their secrets.").WithHub(async (hub, parsed, cancel) =>
    {
        foreach (Row row in await hub.GetAsync<List<Row>>("api/v1/me/tokens", cancel))
        {
            await parsed.InvocationConfiguration.Output.WriteLineAsync(string.Join('\t', row.Id, row.Start + "…", string.Join(',', row.Scopes), Date(row.ExpiresAt, "never"), Date(row.LastUsedAt, "unused"), row.Name));
        }

        return 0;
    });

    private static Command Revoke()
    {
        Argument<Guid> id = new("ID") { Description = "As shown by 'perenne token list'." };
        return new Command("revoke", "Revoke a token; it stops working at once.") { id }.WithHub(async (hub, parsed, cancel) =>
        {
            await hub.DeleteAsync($"api/v1/me/tokens/{parsed.GetRequiredValue(id)}", cancel);
            return 0;
        });
    }

    private static string Date(DateTimeOffset? time, string none) => time?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? none;

    private sealed record Made(string Token);

    private sealed record Row(Guid Id, string Name, string Start, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt);
}
