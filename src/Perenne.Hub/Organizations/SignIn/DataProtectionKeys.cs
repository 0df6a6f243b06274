using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Perenne.Hub.Shared.Data;
using DataProtectionOptions = Perenne.Hub.Shared.DataProtectionOptions;

namespace Perenne.Hub.Organizations;

/// <summary>The keys of cookies and form tokens live in the database, so that several hub processes accept each other's sessions.</summary>
internal static class DataProtectionKeys
{
    public static void AddHubDataProtection(this IServiceCollection services, DataProtectionOptions options)
    {
        IDataProtectionBuilder keys = services.AddDataProtection().SetApplicationName("perenne").PersistKeysToDbContext<HubDbContext>();
        // It would have the start wait for the database model. The keys are read when the first cookie comes.
        services.Remove(services.Single(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Name == "DataProtectionHostedService"));
        if (options.CertificateFile is not { Length: > 0 } file)
            return;
        keys.ProtectKeysWithCertificate(Load(file, options.CertificatePassword));
        keys.UnprotectKeysWithAnyCertificate([.. options.EarlierCertificateFiles.Select(earlier => Load(earlier, options.CertificatePassword))]);
    }

    private static X509Certificate2 Load(string file, string? password)
    {
        try
        {
            X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12FromFile(file, password);
            return certificate.HasPrivateKey ? certificate
                : throw new InvalidOperationException($"Hub:DataProtection: '{file}' holds no private key. Export the certificate together with its key as PKCS #12.");
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"Hub:DataProtection: '{file}' cannot be read as a PKCS #12 file. Check the path, the file's rights and Hub:DataProtection:CertificatePassword.", e);
        }
    }
}
