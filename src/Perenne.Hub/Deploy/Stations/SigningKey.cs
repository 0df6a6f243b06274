using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Contracts.Stations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Deploy;

/// <summary>The hub's key pair for model packages; one row. The private half is encrypted by data protection.</summary>
internal sealed class SigningKey
{
    /// <summary>Always 1: two hub processes that start together make one key, not two.</summary>
    public required int Id { get; init; }

    /// <summary>SubjectPublicKeyInfo in base64; every station keeps it from its enrolment on.</summary>
    public required string PublicKey { get; init; }

    public required string ProtectedPrivateKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class SigningKeyConfiguration : IEntityTypeConfiguration<SigningKey>
{
    public void Configure(EntityTypeBuilder<SigningKey> builder)
    {
        builder.ToTable("signing_keys");
        builder.Property(k => k.Id).ValueGeneratedNever();
    }
}

internal sealed class SigningKeys(HubDbContext db, IDataProtectionProvider protection, TimeProvider time)
{
    private readonly IDataProtector protector = protection.CreateProtector("Perenne.ModelSigning.v1");

    public async Task<string> PublicKeyAsync(CancellationToken cancel) => (await KeyAsync(cancel)).PublicKey;

    public async Task<string> SignAsync(Guid modelVersion, string sha256, string manifestSha256, CancellationToken cancel)
    {
        SigningKey key = await KeyAsync(cancel);
        using ECDsa signer = ECDsa.Create();
        signer.ImportPkcs8PrivateKey(protector.Unprotect(Convert.FromBase64String(key.ProtectedPrivateKey)), out _);
        return ModelSignature.Sign(signer, modelVersion, sha256, manifestSha256);
    }

    private async Task<SigningKey> KeyAsync(CancellationToken cancel)
    {
        if (await db.Set<SigningKey>().AsNoTracking().SingleOrDefaultAsync(cancel) is { } there)
            return there;
        using ECDsa made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string publicKey = Convert.ToBase64String(made.ExportSubjectPublicKeyInfo()), privateKey = Convert.ToBase64String(protector.Protect(made.ExportPkcs8PrivateKey()));
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO signing_keys (id, public_key, protected_private_key, created_at)
            VALUES ({1}, {publicKey}, {privateKey}, {Stored(time.GetUtcNow())}) ON CONFLICT (id) DO NOTHING
            """, cancel);
        return await db.Set<SigningKey>().AsNoTracking().SingleAsync(cancel);
    }

    // As the two contexts store moments.
    private object Stored(DateTimeOffset at) => db is SqliteHubDbContext ? Shared.Work.WorkQueue.Microseconds(at) : at.ToUniversalTime();
}
