using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Shared.Data;

// For `dotnet ef migrations`, which must not need a running database. See tools/migrations.

internal sealed class DesignTimeSqlite : IDesignTimeDbContextFactory<SqliteHubDbContext>
{
    public SqliteHubDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteHubDbContext>().UseSqlite("Data Source=:memory:").UseSnakeCaseNamingConvention().Options, new CurrentAccess());
}

internal sealed class DesignTimePostgres : IDesignTimeDbContextFactory<PostgresHubDbContext>
{
    public PostgresHubDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresHubDbContext>().UseNpgsql("Host=localhost").UseSnakeCaseNamingConvention().Options, new CurrentAccess());
}
