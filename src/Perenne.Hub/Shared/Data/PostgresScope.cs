using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Shared.Data;

/// <summary>Tells PostgreSQL which organizations this connection may see; the row-level security policies read it.</summary>
internal sealed class PostgresScope(CurrentAccess access) : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using DbCommand command = Command(connection);
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using DbCommand command = Command(connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private DbCommand Command(DbConnection connection)
    {
        // Only ids go into the text, so there is nothing to escape.
        DbCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT set_config('perenne.everything', '{(access.Scope.Everything ? "on" : "off")}', false), "
            + $"set_config('perenne.organizations', '{string.Join(',', access.Scope.Organizations)}', false)";
        return command;
    }
}
