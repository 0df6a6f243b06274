using System.Numerics;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect;

namespace Perenne.Hub.Tests.Collect;

public class NearDuplicateIndexTests
{
    [Fact]
    public void Every_hash_within_seven_bits_shares_a_probed_bucket() =>
        Gen.Select(Gen.Long, Gen.Int[0, 63].HashSet[0, 7]).Sample((hash, flips) =>
        {
            long near = flips.Aggregate(hash, (value, bit) => value ^ (1L << bit));
            return NearDuplicates.BucketsOf(near).Intersect(NearDuplicates.ProbesOf(hash)).Any();
        });
}

public abstract class NearDuplicateTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task Clusters_are_those_of_single_linkage_whatever_the_order_of_arrival()
    {
        Random random = new(7);
        for (int round = 0; round < 4; round++)
        {
            TestOrganization organization = await Hub.Organization("lyon");
            TestProject project = await Hub.Project("pcb", organization);
            long[] hashes = [.. Enumerable.Range(0, 40).Select(i => Flip(i % 4 * 0x1111_2222_3333_4444, random, random.Next(0, 7)))];
            await Hub.Inside(async db =>
            {
                foreach ((int index, long hash) in hashes.Index())
                {
                    Image image = Images.New(organization, project, index, hash);
                    image.ClusterId = await NearDuplicates.JoinAsync(db, project.Id, organization.Id, image.Id, hash, default);
                    db.Add(image);
                    await db.SaveChangesAsync();
                }

                return 0;
            });

            List<(long Hash, Guid Cluster)> found = await Hub.Inside(db => db.Set<Image>().Where(i => i.ProjectId == project.Id)
                .Select(i => new ValueTuple<long, Guid>(i.PerceptualHash, i.ClusterId ?? i.Id)).ToListAsync());
            int[] expected = SingleLinkage([.. found.Select(f => f.Hash)]);
            for (int a = 0; a < found.Count; a++)
                for (int b = 0; b < a; b++)
                    Assert.Equal(expected[a] == expected[b], found[a].Cluster == found[b].Cluster);
        }
    }

    private static long Flip(long hash, Random random, int bits)
    {
        for (int i = 0; i < bits; i++)
            hash ^= 1L << random.Next(64);
        return hash;
    }

    private static int[] SingleLinkage(long[] hashes)
    {
        int[] cluster = [.. Enumerable.Range(0, hashes.Length)];
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int a = 0; a < hashes.Length; a++)
                for (int b = 0; b < hashes.Length; b++)
                    if (cluster[b] < cluster[a] && BitOperations.PopCount((ulong)(hashes[a] ^ hashes[b])) <= NearDuplicates.Radius)
                        (cluster[a], changed) = (cluster[b], true);
        }

        return cluster;
    }
}

public sealed class NearDuplicatesOnSqlite(SqliteHub hub) : NearDuplicateTests(hub), IClassFixture<SqliteHub>;

public sealed class NearDuplicatesOnPostgres(PostgresHub hub) : NearDuplicateTests(hub), IClassFixture<PostgresHub>;
