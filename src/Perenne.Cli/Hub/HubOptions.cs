using System.CommandLine;

namespace Perenne.Cli.Hub;

/// <summary>
/// --hub and --token of every command that speaks to a hub; without them PERENNE_HUB_URL and PERENNE_TOKEN, then what 'perenne login' kept.
/// </summary>
internal static class HubOptions
{
    public static Option<string?> Hub { get; } = new("--hub") { Description = "Address of the hub [PERENNE_HUB_URL, or the one of 'perenne login']." };

    public static Option<string?> Token { get; } = new("--token") { Description = "API token [PERENNE_TOKEN, or the one of 'perenne login']." };

    /// <summary>Adds the options and runs <paramref name="work"/> with a client; a refusal is printed and gives exit code 1.</summary>
    public static Command WithHub(this Command command, Func<HubClient, ParseResult, CancellationToken, Task<int>> work)
    {
        command.Options.Add(Hub);
        command.Options.Add(Token);
        command.SetAction((parsed, cancel) => GuardAsync(parsed, async () =>
        {
            using HubClient client = Connect(parsed);
            return await work(client, parsed, cancel);
        }));
        return command;
    }

    public static async Task<int> GuardAsync(ParseResult parsed, Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (HubFailure failure)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync(failure.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync("Stopped.");
            return 130;
        }
    }

    public static HubClient Connect(ParseResult parsed)
    {
        string? hub = parsed.GetValue(Hub) ?? Variable("PERENNE_HUB_URL");
        string? token = parsed.GetValue(Token) ?? Variable("PERENNE_TOKEN");
        SavedLogin? saved = hub is null || token is null ? SavedLogin.Read(SavedLogin.DefaultFile) : null;
        // The kept token goes to the hub it belongs to and to no other.
        if (token is null && saved is not null && (hub is null || hub.TrimEnd('/') == saved.Hub.TrimEnd('/')))
            token = saved.Token;
        hub ??= saved?.Hub ?? throw new HubFailure("Which hub? Give --hub, set PERENNE_HUB_URL, or run 'perenne login --hub ADDRESS' once.", 0);
        return HubClient.Connect(hub, token ?? throw new HubFailure($"No token for {hub}. Run 'perenne login --hub {hub}', give --token, or set PERENNE_TOKEN.", 0));
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
