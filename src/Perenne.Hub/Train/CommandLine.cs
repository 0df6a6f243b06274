using System.Text;

namespace Perenne.Hub.Train;

/// <summary>A command template cut into program and arguments, as a shell would, but without anything a shell would run.</summary>
internal static class CommandLine
{
    public const string JobPlaceholder = "{job}";

    /// <exception cref="FormatException">A quote is not closed, or there is no program.</exception>
    public static string[] Split(string template)
    {
        List<string> words = [];
        StringBuilder word = new();
        char quote = '\0';
        bool open = false;
        foreach (char c in template)
        {
            if (quote != '\0')
            {
                if (c == quote)
                    quote = '\0';
                else
                    word.Append(c);
            }
            else if (c is '"' or '\'')
            {
                (quote, open) = (c, true);
            }
            else if (char.IsWhiteSpace(c))
            {
                if (open || word.Length > 0)
                    words.Add(word.ToString());
                word.Clear();
                open = false;
            }
            else
            {
                word.Append(c);
            }
        }

        if (quote != '\0')
            throw new FormatException($"The quote {quote} is not closed.");
        if (open || word.Length > 0)
            words.Add(word.ToString());
        return words.Count > 0 && words[0].Length > 0 ? [.. words] : throw new FormatException("The command names no program.");
    }

    public static string[] For(string template, string jobFolder)
    {
        string[] words = Split(template);
        bool named = words.Any(w => w.Contains(JobPlaceholder, StringComparison.Ordinal));
        return [.. words.Select(w => w.Replace(JobPlaceholder, jobFolder, StringComparison.Ordinal)), .. named ? Array.Empty<string>() : [jobFolder]];
    }
}
