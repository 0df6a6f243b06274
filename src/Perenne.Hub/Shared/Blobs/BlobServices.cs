using Microsoft.Extensions.Options;

namespace Perenne.Hub.Shared.Blobs;

internal static class BlobServices
{
    public static IServiceCollection AddHubBlobs(this IServiceCollection services) => services
        .AddSingleton<Staging>()
        .AddSingleton<IBlobStore>(provider =>
        {
            HubOptions options = provider.GetRequiredService<IOptions<HubOptions>>().Value;
            return options.Blobs.Provider == BlobProvider.S3
                ? new S3Blobs(options.Blobs)
                : new FolderBlobs(FolderOf(options), provider.GetRequiredService<TimeProvider>());
        });

    /// <summary>With S3 too: staging needs a local disk.</summary>
    public static string FolderOf(HubOptions options) => options.Blobs.Folder ?? Path.Combine(options.DataFolder, "blobs");
}
