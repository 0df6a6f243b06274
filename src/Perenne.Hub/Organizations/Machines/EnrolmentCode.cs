using System.Security.Cryptography;

namespace Perenne.Hub.Organizations;

/// <summary>
/// A one-time code that is read from one screen and typed at another: 100 random bits in letters and digits that are not mistaken for
/// each other (Crockford's base 32). Case, spaces and hyphens do not matter.
/// </summary>
internal static class EnrolmentCode
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Group = 5, Groups = 4;

    public static string New() => string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(Alphabet, Group)));

    public static byte[] Hash(string? typed) => Secret.Hash(new([.. (typed ?? "").ToUpperInvariant().Where(char.IsAsciiLetterOrDigit).Select(Likeness)]));

    private static char Likeness(char c) => c switch
    {
        'O' => '0',
        'I' or 'L' => '1',
        _ => c,
    };
}
