using System.CommandLine;
using Spectre.Console;

namespace Perenne.Cli.Hub;

/// <summary>Keeps a token for the other commands: a given one, or a new one made with e-mail and password.</summary>
internal static class LoginCommand
{
    private static readonly string[] Scopes = ["admin"];

    public static Command Create()
    {
        Option<string> hub = new("--hub") { Description = "Address of the hub.", Required = true };
        Option<string?> token = new("--token") { Description = "A token made on the page 'API tokens'. Without it, e-mail and password are asked." };
        Option<string?> email = new("--email") { Description = "Your e-mail address [asked]." };
        Command command = new("login", "Keep the address of a hub and a token for it, for the other commands.") { hub, token, email };
        command.SetAction((parsed, cancel) => HubOptions.GuardAsync(parsed, async () =>
        {
            string address = parsed.GetRequiredValue(hub);
            string secret = parsed.GetValue(token) ?? await MakeTokenAsync(address, parsed.GetValue(email), cancel);
            using HubClient client = HubClient.Connect(address, secret);
            Me me = await client.GetAsync<Me>("api/v1/me", cancel);
            new SavedLogin(address, secret).Write(SavedLogin.DefaultFile);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"Signed in to {address} as {me.Name}. The token is kept in {SavedLogin.DefaultFile}.");
            return 0;
        }));
        return command;
    }

    private static async Task<string> MakeTokenAsync(string address, string? email, CancellationToken cancel)
    {
        if (Console.IsInputRedirected)
            throw new HubFailure("There is no terminal to ask for a password. Make a token on the page 'API tokens' and give it with --token.", 0);
        email ??= await new TextPrompt<string>("E-mail:").ShowAsync(AnsiConsole.Console, cancel);
        string password = await new TextPrompt<string>("Password:").Secret(null).ShowAsync(AnsiConsole.Console, cancel);
        using HubClient session = HubClient.Connect(address, null);
        await session.PostAsync<object?>("api/v1/sign-in", new { email, password }, cancel);
        NewToken made = await session.PostAsync<NewToken>(
            "api/v1/me/tokens", new { name = $"perenne login on {Environment.MachineName}", scopes = Scopes, days = 90 }, cancel);
        return made.Token;
    }

    private sealed record Me(string Name);

    private sealed record NewToken(string Token);
}
