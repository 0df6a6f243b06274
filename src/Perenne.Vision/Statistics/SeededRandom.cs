using System.Numerics;

namespace Perenne.Vision.Statistics;

/// <summary>A small, fast generator (xoshiro256**, Blackman and Vigna 2018): the same seed and stream give the same numbers on every machine, for ever.</summary>
/// <remarks>Streams let parallel work draw independently of the number of threads: one stream per unit of work.</remarks>
public sealed class SeededRandom
{
    private ulong s0, s1, s2, s3;

    /// <summary>The generator of this seed and stream.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="stream">Which of the independent sequences of the seed.</param>
    public SeededRandom(ulong seed, ulong stream = 0)
    {
        ulong state = Mix(seed ^ Mix(stream + 0x9E3779B97F4A7C15));
        s0 = Mix(state += 0x9E3779B97F4A7C15);
        s1 = Mix(state += 0x9E3779B97F4A7C15);
        s2 = Mix(state += 0x9E3779B97F4A7C15);
        s3 = Mix(state + 0x9E3779B97F4A7C15);
    }

    /// <summary>64 uniform bits.</summary>
    public ulong NextBits()
    {
        ulong result = BitOperations.RotateLeft(s1 * 5, 7) * 9, t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>A uniform number in [0,1) with 53 random bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A uniform whole number in [0, <paramref name="bound"/>) without bias (Lemire 2019).</summary>
    /// <param name="bound">&gt; 0.</param>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        ulong product = (NextBits() >> 32) * (uint)bound;
        for (uint threshold = (uint)-bound % (uint)bound; (uint)product < threshold;)
            product = (NextBits() >> 32) * (uint)bound;
        return (int)(product >> 32);
    }

    /// <summary>A standard normal number (Marsaglia's polar method).</summary>
    public double NextNormal()
    {
        while (true)
        {
            double u = 2 * NextDouble() - 1, v = 2 * NextDouble() - 1, square = u * u + v * v;
            if (square is > 0 and < 1)
                return u * Math.Sqrt(-2 * Math.Log(square) / square);
        }
    }

    /// <summary>Puts <paramref name="values"/> in random order, in place; every order is equally likely.</summary>
    public void Shuffle<T>(Span<T> values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
