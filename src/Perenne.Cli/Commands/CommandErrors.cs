namespace Perenne.Cli.Commands;

/// <summary>A request that cannot be carried out as written; the message says what to change.</summary>
internal sealed class CommandException(string message) : Exception(message);

/// <summary>What a user can mend is one sentence on standard error and exit code 1; everything else is a bug and keeps its trace.</summary>
internal static class CommandErrors
{
    public static async Task<int> GuardAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (e is CommandException or FormatException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Cancelled; nothing was written.");
            return 130;
        }
    }
}
