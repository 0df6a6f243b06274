namespace Perenne.Hub.Shared.Data;

/// <summary>A row that belongs to one organization: bounded by a query filter and, on PostgreSQL, by row-level security.</summary>
internal interface IOrganizationOwned
{
    Guid OrganizationId { get; }
}
