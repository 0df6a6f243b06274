using System.Security.Cryptography;
using System.Text;

namespace Perenne.Contracts.Stations;

/// <summary>
/// How a hub vouches for a model package: ECDSA P-256 with SHA-256 over the version's id and the hashes of both files.
/// A station runs no package whose signature does not hold under the key it was given when it enrolled.
/// </summary>
public static class ModelSignature
{
    /// <summary>Signs; the key stays on the hub.</summary>
    /// <returns>Base64 of the signature in IEEE P1363 form (64 bytes).</returns>
    public static string Sign(ECDsa key, Guid modelVersionId, string sha256, string manifestSha256) =>
        Convert.ToBase64String(key.SignData(Text(modelVersionId, sha256, manifestSha256), HashAlgorithmName.SHA256));

    /// <summary>True when <paramref name="model"/> carries the signature of the holder of <paramref name="signingKey"/>; false for everything else, malformed keys included.</summary>
    /// <param name="signingKey">SubjectPublicKeyInfo, base64.</param>
    /// <param name="model">What the plan says.</param>
    public static bool Verify(string signingKey, PlannedModel model)
    {
        try
        {
            using ECDsa key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(signingKey), out _);
            return key.VerifyData(Text(model.ModelVersionId, model.Sha256, model.ManifestSha256), Convert.FromBase64String(model.Signature), HashAlgorithmName.SHA256);
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return false;
        }
    }

    private static byte[] Text(Guid id, string sha256, string manifestSha256) => Encoding.UTF8.GetBytes($"perenne-model/1\n{id:D}\n{sha256}\n{manifestSha256}\n");
}
