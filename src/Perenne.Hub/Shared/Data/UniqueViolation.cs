using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Perenne.Hub.Shared.Data;

internal static class UniqueViolation
{
    /// <summary>Somebody else took the name or number first: an expected outcome of a race, told from bugs.</summary>
    public static bool IsUniqueViolation(this DbUpdateException exception) => exception.InnerException
        is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }
        or SqliteException { SqliteExtendedErrorCode: 2067 or 1555 }; // SQLITE_CONSTRAINT_UNIQUE, _PRIMARYKEY
}
