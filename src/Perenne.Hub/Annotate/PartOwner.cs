using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Annotate;

/// <summary>Who has the images of one part, where the rules give a part to one person.</summary>
internal sealed class PartOwner : IOrganizationOwned
{
    public required Guid CampaignId { get; init; }

    public required string PartKey { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid PersonId { get; init; }

    /// <summary>True when the part is this person's, now or before; the primary key decides a race.</summary>
    public static async Task<bool> ClaimAsync(HubDbContext db, Campaign campaign, string partKey, Guid person, CancellationToken cancel)
    {
        Guid? owner = await OwnerAsync();
        if (owner is not null)
            return owner == person;
        try
        {
            db.Add(new PartOwner { CampaignId = campaign.Id, PartKey = partKey, OrganizationId = campaign.OrganizationId, PersonId = person });
            await db.SaveChangesAsync(cancel);
            return true;
        }
        catch (DbUpdateException failure) when (DbErrors.IsUniqueViolation(failure))
        {
            db.ChangeTracker.Clear();
            return await OwnerAsync() == person;
        }

        Task<Guid?> OwnerAsync() => db.Set<PartOwner>().Where(p => p.CampaignId == campaign.Id && p.PartKey == partKey)
            .Select(p => (Guid?)p.PersonId).SingleOrDefaultAsync(cancel);
    }
}

internal sealed class PartOwnerConfiguration : IEntityTypeConfiguration<PartOwner>
{
    public void Configure(EntityTypeBuilder<PartOwner> builder)
    {
        builder.ToTable("part_owners");
        builder.HasKey(p => new { p.CampaignId, p.PartKey });
        builder.Property(p => p.PartKey).HasMaxLength(200);
        builder.HasOne<Campaign>().WithMany().HasForeignKey(p => p.CampaignId);
    }
}
