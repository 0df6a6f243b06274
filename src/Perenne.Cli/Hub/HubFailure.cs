namespace Perenne.Cli.Hub;

/// <summary>The hub refused, or cannot be reached. The message is a sentence for the person at the terminal.</summary>
/// <param name="status">HTTP status; 0 where there was no answer.</param>
internal sealed class HubFailure(string sentence, int status, Exception? inner = null) : Exception(sentence, inner)
{
    public int Status { get; } = status;

    /// <summary>Worth another attempt: no answer, too many requests, or a hub in trouble.</summary>
    public bool IsPassing => Status is 0 or 408 or 429 or >= 500;
}
