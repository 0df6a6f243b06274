using System.Linq.Expressions;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Shared.Data;

/// <summary>
/// The one database context. Features keep their own entities and their configurations; they reach them with <c>db.Set&lt;T&gt;()</c>.
/// Every <see cref="IOrganizationOwned"/> entity is filtered by the current <see cref="AccessScope"/>, which is empty until a right was decided.
/// </summary>
internal abstract class HubDbContext(DbContextOptions options, CurrentAccess access)
    : IdentityUserContext<User, Guid>(options), IDataProtectionKeyContext
{
    /// <summary>The query filters' name, for the rare deliberate <c>IgnoreQueryFilters</c>.</summary>
    public const string OrganizationFilter = "organization";

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    // Read by the query filters at execution, not at model building.
    public bool SeesEverything => access.Scope.Everything;

    public IReadOnlyList<Guid> VisibleOrganizations => access.Scope.Organizations;

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(HubDbContext).Assembly);
        foreach (Type type in builder.Model.GetEntityTypes().Select(entity => entity.ClrType).Where(typeof(IOrganizationOwned).IsAssignableFrom).ToList())
            FilterByOrganization(builder.Entity(type), type);
    }

    /// <summary>The property that says whose row it is: its own id for an organization.</summary>
    internal static string OrganizationKey(Type type) => type == typeof(Organization) ? nameof(Organization.Id) : nameof(IOrganizationOwned.OrganizationId);

    private void FilterByOrganization(EntityTypeBuilder entity, Type type)
    {
        ParameterExpression row = Expression.Parameter(type, "row");
        Expression context = Expression.Constant(this, typeof(HubDbContext));
        Expression inScope = Expression.Call(
            typeof(Enumerable), nameof(Enumerable.Contains), [typeof(Guid)],
            Expression.Property(context, nameof(VisibleOrganizations)),
            Expression.Property(row, OrganizationKey(type)));
        entity.HasQueryFilter(OrganizationFilter, Expression.Lambda(Expression.OrElse(Expression.Property(context, nameof(SeesEverything)), inScope), row));
    }
}
