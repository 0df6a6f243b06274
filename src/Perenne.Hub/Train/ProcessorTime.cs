using System.Globalization;
using System.Text.RegularExpressions;

namespace Perenne.Hub.Train;

/// <summary>
/// What trainers took: the supervisor writes the answer of the shell's <c>times</c> ("1m2.50s 0m0.10s", user and system, its own and its children's) into
/// the job folder at the end of each, so that a run that was taken over counts whole.
/// </summary>
internal static partial class ProcessorTime
{
    public const string File = "processor-time";

    public static double Read(string folder)
    {
        string file = Path.Combine(folder, File);
        return System.IO.File.Exists(file) ? Sum(System.IO.File.ReadAllText(file)) : 0;
    }

    internal static double Sum(string text) => Spent().Matches(text)
        .Sum(m => (60 * double.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture)) + double.Parse(m.Groups[2].ValueSpan, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"(\d+)m([\d.]+)s")]
    private static partial Regex Spent();
}
