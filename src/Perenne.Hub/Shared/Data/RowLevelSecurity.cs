using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Perenne.Hub.Organizations;

namespace Perenne.Hub.Shared.Data;

/// <summary>
/// The second wall on PostgreSQL: one policy for every table of an <see cref="IOrganizationOwned"/> entity and for every table of a project's rows,
/// generated from the model so that none is forgotten. FORCE makes it hold for the table's owner too; a superuser is never bound, which start-up reports.
/// </summary>
internal static class RowLevelSecurity
{
    private const string Policy = "perenne_organization";

    public static async Task ApplyAsync(HubDbContext db, ILogger logger, CancellationToken cancel)
    {
        await db.Database.ExecuteSqlRawAsync(Script(db.Model), cancel);
        bool bypasses = await db.Database
            .SqlQuery<bool>($"SELECT rolsuper OR rolbypassrls AS \"Value\" FROM pg_roles WHERE rolname = current_user")
            .SingleAsync(cancel);
        if (bypasses)
            logger.LogWarning("The hub's PostgreSQL login bypasses row-level security. Give it a role without SUPERUSER and BYPASSRLS: see docs/configuration.md.");
    }

    internal static IEnumerable<(string Table, string Column)> ProtectedTables(IModel model) => model.GetEntityTypes()
        .Where(entity => typeof(IOrganizationOwned).IsAssignableFrom(entity.ClrType) && entity.GetTableName() is not null)
        .Select(entity => (entity.GetTableName()!, entity.FindProperty(HubDbContext.OrganizationKey(entity.ClrType))!.GetColumnName()))
        .Distinct();

    /// <summary>Rows of a project, whichever organization looks: they follow the project, which follows the organizations that take part in it.</summary>
    internal static IEnumerable<(string Table, string Column)> ProjectTables(IModel model) => model.GetEntityTypes()
        .Where(entity => !typeof(IOrganizationOwned).IsAssignableFrom(entity.ClrType) && entity.GetTableName() is not null)
        .SelectMany(entity => entity.GetForeignKeys().Where(key => key.PrincipalEntityType.ClrType == typeof(Project) && key.Properties is [{ IsNullable: false }])
            .Select(key => (entity.GetTableName()!, key.Properties[0].GetColumnName())))
        .Distinct();

    private static string Script(IModel model)
    {
        StringBuilder sql = new("SELECT pg_advisory_xact_lock(7305219);\n");
        // string_to_array instead of an array literal: ExecuteSqlRaw would read its braces as placeholders.
        const string mine = "ANY (string_to_array(current_setting('perenne.organizations', true), ',')::uuid[])";
        foreach ((string table, string column) in ProtectedTables(model))
            Protect(sql, table, $"\"{column}\" = {mine}");
        // The owner's column is asked beside the links, because a project is written before its first link. The links are filtered by their own policy.
        Protect(sql, "projects", $"owner_organization_id = {mine} OR EXISTS (SELECT 1 FROM project_organizations link WHERE link.project_id = projects.id)");
        foreach ((string table, string column) in ProjectTables(model))
            Protect(sql, table, $"EXISTS (SELECT 1 FROM projects project WHERE project.id = \"{table}\".\"{column}\")");
        return sql.ToString();
    }

    private static void Protect(StringBuilder sql, string table, string condition) => sql.Append(CultureInfo.InvariantCulture, $"""
        ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY;
        ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY;
        DROP POLICY IF EXISTS {Policy} ON "{table}";
        CREATE POLICY {Policy} ON "{table}" USING (current_setting('perenne.everything', true) = 'on' OR {condition});

        """);
}
