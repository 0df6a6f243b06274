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
    public async Task A_cluster_holds_what_is_near_its_first_image_and_never_grows_by_chaining()
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

            List<(long Hash, Guid Cluster)> found = await Hub.Inside(db => db.Set<Image>().Where(i => i.ProjectId == project.Id).OrderBy(i => i.Id)
                .Select(i => new ValueTuple<long, Guid>(i.PerceptualHash, i.ClusterId ?? i.Id)).ToListAsync());
            int[] expected = NearestRepresentative([.. found.Select(f => f.Hash)]);
            for (int a = 0; a < found.Count; a++)
                for (int b = 0; b < a; b++)
                    Assert.Equal(expected[a] == expected[b], found[a].Cluster == found[b].Cluster);
        }
    }

    [Fact]
    public async Task A_slow_drift_of_views_is_cut_into_clusters_instead_of_one_chain()
    {
        TestOrganization organization = await Hub.Organization("lyon");
        TestProject project = await Hub.Project("pcb", organization);
        await Hub.Inside(async db =>
        {
            for (int n = 0; n <= 20; n++)
            {
                Image image = Images.New(organization, project, n, (1L << n) - 1); // One bit more than the image before it.
                image.ClusterId = await NearDuplicates.JoinAsync(db, project.Id, organization.Id, image.Id, image.PerceptualHash, default);
                db.Add(image);
                await db.SaveChangesAsync();
            }

            return 0;
        });
        List<IGrouping<Guid, long>> clusters = [.. (await Hub.Inside(db => db.Set<Image>().Where(i => i.ProjectId == project.Id)
            .Select(i => new { i.PerceptualHash, Cluster = i.ClusterId ?? i.Id }).ToListAsync())).GroupBy(i => i.Cluster, i => i.PerceptualHash)];
        Assert.Equal(5, clusters.Count);
        Assert.All(clusters, cluster => Assert.True(Distance(cluster.Min(), cluster.Max()) <= 2 * NearDuplicates.Radius));
    }

    private static long Flip(long hash, Random random, int bits)
    {
        for (int i = 0; i < bits; i++)
            hash ^= 1L << random.Next(64);
        return hash;
    }

    /// <summary>The rule in its plain form: in order of arrival, where the same hash is already, else the nearest representative within the radius, the earlier one of two.</summary>
    private static int[] NearestRepresentative(long[] hashes)
    {
        int[] cluster = [.. Enumerable.Range(0, hashes.Length)];
        for (int image = 0; image < hashes.Length; image++)
        {
            int same = Array.IndexOf(hashes, hashes[image]);
            int best = same < image ? cluster[same] : Enumerable.Range(0, image).Where(other => cluster[other] == other && Distance(hashes[other], hashes[image]) <= NearDuplicates.Radius)
                .OrderBy(other => Distance(hashes[other], hashes[image])).ThenBy(other => other).FirstOrDefault(image);
            cluster[image] = best;
        }

        return cluster;
    }

    private static int Distance(long a, long b) => BitOperations.PopCount((ulong)(a ^ b));
}

public sealed class NearDuplicatesOnSqlite(SqliteHub hub) : NearDuplicateTests(hub), IClassFixture<SqliteHub>;

public sealed class NearDuplicatesOnPostgres(PostgresHub hub) : NearDuplicateTests(hub), IClassFixture<PostgresHub>;
