using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Perenne.Hub.Organizations;

/// <summary>
/// Random secrets shown once and stored as SHA-256. No salt and no slow hash: 256 random bits cannot be guessed or tabulated,
/// and a plain hash can be looked up by index.
/// </summary>
internal static class Secret
{
    public const string PersonalPrefix = "prn_";
    public const string MachinePrefix = "prm_";

    public static string New(string prefix = "") => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
