using Perenne.Hub.Annotate;
using Perenne.Hub.Collect.Datasets;
using Perenne.Hub.Collect.Edit;
using Perenne.Hub.Collect.Files;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Collect.Ingest;
using Perenne.Hub.Collect.Pages;
using Perenne.Hub.Collect.Sweep;
using Perenne.Hub.Collect.Uploads;
using Perenne.Hub.Collect.Watch;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Collect;

/// <summary>Images: ways in, storage, quality, gallery, export.</summary>
internal static class CollectFeature
{
    public static void AddCollect(this IServiceCollection services)
    {
        services.AddCollectPages();
        services.AddSingleton<WriteTurn>().AddSingleton<DecodeSlots>().AddSingleton<Inspector>().AddSingleton<Intake>();
        services.AddScoped<ImageRecorder>().AddScoped<MultipartIntake>().AddScoped<ZipIntake>();
        services.AddScoped<AddImages.Handler>().AddScoped<FindKnownContents.Handler>();
        services.AddScoped<ListImages.Handler>().AddScoped<CountImages.Handler>().AddScoped<ServeFiles.Handler>().AddSingleton<TilePacks>().AddScoped<GetImage.Handler>();
        services.AddScoped<SavedViews>().AddScoped<EditImage.Handler>().AddScoped<DeleteImage.Handler>();
        services.AddUploads();
        services.AddScoped<WatchRules>().AddScoped<ManageWatched>().AddSingleton<WatchedBuckets>().AddScoped<IWorkHandler, WatchSource>();
        services.AddScoped<BlobSweep>().AddHostedService<SweepService>();
        services.AddScoped<ImportAnnotations.Handler>().AddScoped<ExportDataset.Handler>();
        services.AddSingleton<DerivativeTurns>().AddScoped<MakeDerivatives>().AddScoped<IWorkHandler>(provider => provider.GetRequiredService<MakeDerivatives>());
    }

    public static void MapCollect(this IEndpointRouteBuilder routes)
    {
        AddImages.Map(routes);
        FindKnownContents.Map(routes);
        ListImages.Map(routes);
        CountImages.Map(routes);
        GetImage.Map(routes);
        ServeFiles.Map(routes);
        SavedViews.Map(routes);
        EditImage.Map(routes);
        DeleteImage.Map(routes);
        routes.MapUploads();
        ManageWatched.Map(routes);
        ImportAnnotations.Map(routes);
        ExportDataset.Map(routes);
    }
}
