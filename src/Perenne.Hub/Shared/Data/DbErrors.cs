using Microsoft.Data.Sqlite;
using Npgsql;

namespace Perenne.Hub.Shared.Data;

internal static class DbErrors
{
    private const int SqliteConstraintUnique = 2067;
    private const int SqliteConstraintPrimaryKey = 1555;

    private const int SqliteFull = 13;
    private const int SqliteIoErrorSharedMemorySize = 4874; // The -shm file could not grow: the same full disk.

    /// <summary>The database found no room. Its transaction was rolled back, so nothing is half-written.</summary>
    public static bool IsDiskFull(Exception failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is PostgresException { SqlState: PostgresErrorCodes.DiskFull }
                or SqliteException { SqliteErrorCode: SqliteFull } or SqliteException { SqliteExtendedErrorCode: SqliteIoErrorSharedMemorySize })
                return true;
        }

        return false;
    }

    public static bool IsUniqueViolation(Exception failure) => (failure.InnerException ?? failure) switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } => true,
        SqliteException { SqliteExtendedErrorCode: SqliteConstraintUnique or SqliteConstraintPrimaryKey } => true,
        _ => false,
    };
}
