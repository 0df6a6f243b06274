using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Shared.Data;

internal sealed class PostgresHubDbContext(DbContextOptions<PostgresHubDbContext> options, CurrentAccess access) : HubDbContext(options, access)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configuration)
    {
        // timestamptz takes UTC only.
        configuration.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();
    }

    private sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(time => time.ToUniversalTime(), stored => stored);
}
