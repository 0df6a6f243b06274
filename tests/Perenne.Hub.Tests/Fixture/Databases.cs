using Npgsql;
using Perenne.TestSupport;

namespace Perenne.Hub.Tests;

public class SqliteHub : HubFixture
{
    internal override void RequireDatabase()
    {
    }

    private protected override Task<string[]?> DatabaseSettingsAsync() => Task.FromResult<string[]?>([]);
}

/// <summary>
/// The hub at scale, as docs/configuration.md sets it up: PostgreSQL and an S3-compatible store. One database, one prefix and one ordinary
/// login per hub: row-level security does not bind a superuser.
/// </summary>
public class PostgresHub : HubFixture
{
    private readonly string name = "perenne_test_" + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal);

    internal string ConnectionString { get; private set; } = "";

    internal override void RequireDatabase()
    {
        PostgresServer.Require();
        S3Server.Require();
    }

    private protected override async Task<string[]?> DatabaseSettingsAsync()
    {
        if (PostgresServer.AdminConnectionString is not { } admin || S3Server.Endpoint is not { } endpoint)
            return null;
        await ExecuteAsync(admin, $"CREATE ROLE {name} LOGIN PASSWORD 'perenne' NOSUPERUSER NOBYPASSRLS", $"CREATE DATABASE {name} OWNER {name}");
        ConnectionString = new NpgsqlConnectionStringBuilder(admin) { Database = name, Username = name, Password = "perenne", MaxPoolSize = 20 }.ConnectionString;
        return
        [
            "--Hub:Database:Provider", "Postgres", "--Hub:Database:ConnectionString", ConnectionString,
            "--Hub:Blobs:Provider", "S3", "--Hub:Blobs:Endpoint", endpoint, "--Hub:Blobs:Bucket", S3Server.Bucket, "--Hub:Blobs:Prefix", name + "/",
            "--Hub:Blobs:AccessKey", S3Server.AccessKey, "--Hub:Blobs:SecretKey", S3Server.SecretKey,
        ];
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
        if (PostgresServer.AdminConnectionString is { } admin)
            await ExecuteAsync(admin, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)", $"DROP ROLE IF EXISTS {name}");
    }

    private static async Task ExecuteAsync(string connectionString, params string[] statements)
    {
        await using NpgsqlConnection connection = new(connectionString);
        await connection.OpenAsync();
        foreach (string statement in statements)
        {
            await using NpgsqlCommand command = new(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}

/// <summary>
/// Base of tests that run on both databases: an abstract class with the tests, and two sealed ones,
/// <c>…OnSqlite(SqliteHub hub) : …(hub), IClassFixture&lt;SqliteHub&gt;</c> and the same for PostgreSQL.
/// </summary>
public abstract class HubTests
{
    protected HubTests(HubFixture hub)
    {
        hub.RequireDatabase();
        Hub = hub;
    }

    protected HubFixture Hub { get; }
}
