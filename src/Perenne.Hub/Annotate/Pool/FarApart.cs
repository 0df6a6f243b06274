using System.Numerics;

namespace Perenne.Hub.Annotate;

/// <summary>
/// Images that look as different as possible: each next one is the farthest, by Hamming distance of perceptual hashes, from all chosen
/// (Gonzalez 1985). Pure; time O(hashes × (covered + count)).
/// </summary>
internal static class FarApart
{
    /// <param name="hashes">64-bit perceptual hashes to choose from.</param>
    /// <param name="covered">Hashes of what is there already.</param>
    /// <returns>Indices in order of choice; equally far ones in their given order.</returns>
    public static int[] Choose(ReadOnlySpan<long> hashes, ReadOnlySpan<long> covered, int count)
    {
        byte[] distance = new byte[hashes.Length];
        Array.Fill(distance, (byte)64);
        foreach (long hash in covered)
            Near(hashes, hash, distance);
        bool[] taken = new bool[hashes.Length];
        int[] chosen = new int[Math.Min(count, hashes.Length)];
        for (int n = 0; n < chosen.Length; n++)
        {
            int next = -1;
            for (int i = 0; i < distance.Length; i++)
            {
                if (!taken[i] && (next < 0 || distance[i] > distance[next]))
                    next = i;
            }

            (chosen[n], taken[next]) = (next, true);
            Near(hashes, hashes[next], distance);
        }

        return chosen;
    }

    private static void Near(ReadOnlySpan<long> hashes, long hash, byte[] distance)
    {
        for (int i = 0; i < distance.Length; i++)
            distance[i] = Math.Min(distance[i], (byte)BitOperations.PopCount((ulong)(hashes[i] ^ hash)));
    }
}
