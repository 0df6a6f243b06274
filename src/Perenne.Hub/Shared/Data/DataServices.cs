using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Update;
using Microsoft.Extensions.Options;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Shared.Data;

internal static class DataServices
{
    public static IServiceCollection AddHubData(this IServiceCollection services, HubOptions options)
    {
        services.AddScoped<CurrentAccess>();
        services.AddSingleton<SqliteSettings>();
        services.AddScoped<PostgresScope>();
        if (options.Database.Provider == DatabaseProvider.Postgres)
        {
            services.AddDbContext<PostgresHubDbContext>((provider, builder) => builder
                .UseNpgsql(provider.GetRequiredService<IOptions<HubOptions>>().Value.Database.ConnectionString
                    ?? throw new InvalidOperationException("Hub:Database:ConnectionString is missing: with the provider Postgres, set it to an Npgsql connection string."))
                .UseSnakeCaseNamingConvention()
                .ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.RowLimitingOperationWithoutOrderByWarning)) // Counting up to a cap needs no order.
                .AddInterceptors(provider.GetRequiredService<PostgresScope>()));
            services.AddScoped<HubDbContext>(provider => provider.GetRequiredService<PostgresHubDbContext>());
        }
        else
        {
            services.AddDbContext<SqliteHubDbContext>((provider, builder) => builder
                .UseSqlite(provider.GetRequiredService<IOptions<HubOptions>>().Value.SqliteConnectionString,
                    // A list is one parameter. As several it makes a new statement for each length, and Entity Framework then writes the SQL anew at every call: every query of ours has the list of visible organizations.
                    sqlite => sqlite.UseParameterizedCollectionMode(ParameterTranslationMode.Parameter))
                .ReplaceService<IModificationCommandBatchFactory, SqliteBatches>()
                .UseSnakeCaseNamingConvention()
                .ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.RowLimitingOperationWithoutOrderByWarning)) // Counting up to a cap needs no order.
                .AddInterceptors(provider.GetRequiredService<SqliteSettings>()), optionsLifetime: ServiceLifetime.Singleton);
            services.AddScoped<HubDbContext>(provider => provider.GetRequiredService<SqliteHubDbContext>());
        }

        return services;
    }

    /// <summary>
    /// Brings the database to the current version; safe when several hub processes start at once. An embedded database that is current is left to be opened by its first use.
    /// </summary>
    public static async Task PrepareHubDataAsync(this WebApplication app, CancellationToken cancel = default)
    {
        HubOptions options = app.Services.GetRequiredService<IOptions<HubOptions>>().Value;
        Directory.CreateDirectory(options.DataFolder);
        if (options.Database.Provider == DatabaseProvider.Sqlite && await SqliteSchema.IsCurrentAsync(options.SqliteFile, cancel))
            return;

        await using AsyncServiceScope scope = app.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentAccess>().ActAsSystem();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        // Asked first: migrating compares whole models before it finds that there is nothing to do, which was half of the start-up.
        if ((await db.Database.GetPendingMigrationsAsync(cancel)).Any())
            await db.Database.MigrateAsync(cancel);
        if (db is PostgresHubDbContext)
            await RowLevelSecurity.ApplyAsync(db, app.Logger, cancel);
    }

    /// <summary>Builds the database model in the background: whoever needs it first waits for what is left of it.</summary>
    public static void BuildModelAhead(this WebApplication app) => _ = Task.Run(() => BuildModel(app));

    private static void BuildModel(WebApplication app)
    {
        try
        {
            using IServiceScope scope = app.Services.CreateScope();
            _ = scope.ServiceProvider.GetRequiredService<HubDbContext>().Model;
        }
        catch (Exception e) when (e is InvalidOperationException or ObjectDisposedException)
        {
            app.Logger.LogDebug(e, "The database model was not built ahead."); // Its first use meets the same, and says so to whoever asked.
        }
    }
}
