using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Perenne.Hub.Tests.Shared;

public sealed class EncryptedKeysHub : SqliteHub
{
    private readonly string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".pfx");

    protected override IEnumerable<string> Settings
    {
        get
        {
            using RSA key = RSA.Create(2048);
            using X509Certificate2 certificate = new CertificateRequest("CN=perenne", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
            File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12, "pfx password"));
            return ["--Hub:DataProtection:CertificateFile", file, "--Hub:DataProtection:CertificatePassword", "pfx password"];
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        File.Delete(file);
        GC.SuppressFinalize(this);
    }
}

public sealed class DataProtectionTests(EncryptedKeysHub hub) : HubTests(hub), IClassFixture<EncryptedKeysHub>
{
    [Fact]
    public async Task With_a_certificate_no_key_lies_in_the_database_in_the_clear()
    {
        IDataProtector protector = Hub.App.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
        Assert.Equal("secret", protector.Unprotect(protector.Protect("secret")));

        List<string?> keys = await Hub.Inside(db => db.DataProtectionKeys.Select(k => k.Xml).ToListAsync());
        Assert.NotEmpty(keys);
        Assert.All(keys, xml =>
        {
            Assert.Contains("EncryptedKey", xml, StringComparison.Ordinal);
            Assert.DoesNotContain("<masterKey", xml, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_certificate_that_cannot_be_read_stops_the_start_with_a_sentence()
    {
        InvalidOperationException stopped = Assert.Throws<InvalidOperationException>(() => HubHost.Build(["--Hub:DataProtection:CertificateFile", "/nowhere/keys.pfx"]));
        Assert.Contains("Hub:DataProtection:CertificatePassword", stopped.Message, StringComparison.Ordinal);
    }
}
