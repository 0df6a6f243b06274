namespace Perenne.TestSupport;

/// <summary>
/// The PostgreSQL of this test process: the one PERENNE_TEST_POSTGRES names (an administrator's connection string), else a throw-away
/// <see cref="PostgresCluster"/>, started at the first use.
/// </summary>
internal static class PostgresServer
{
    private static readonly Lazy<(string? ConnectionString, string Problem)> Server = new(PostgresCluster.Start);

    /// <summary>Null where there is no PostgreSQL; see <see cref="Require"/>.</summary>
    public static string? AdminConnectionString => Server.Value.ConnectionString;

    /// <summary>Skips the test without PostgreSQL; in CI that is a failure.</summary>
    public static void Require()
    {
        if (AdminConnectionString is not null)
            return;
        string message = $"PostgreSQL is not available ({Server.Value.Problem}). Install the package 'postgresql' or set PERENNE_TEST_POSTGRES.";
        if (Environment.GetEnvironmentVariable("CI") is "true" or "1")
            Assert.Fail(message);
        Assert.Skip(message);
    }
}
