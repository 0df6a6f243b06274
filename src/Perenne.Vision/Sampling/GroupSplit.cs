using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Perenne.Vision.Sampling;

/// <summary>The part of a dataset an image belongs to.</summary>
public enum Split
{
    /// <summary>Models learn from it.</summary>
    Train,

    /// <summary>Choices (epoch, threshold) are made on it.</summary>
    Validation,

    /// <summary>Performance is measured on it, and nothing else.</summary>
    Test,
}

/// <summary>
/// Splits by a hash of the group key (near-duplicate cluster, part id): the same key lies in the same split for ever, on every machine, whatever
/// other images exist.
/// </summary>
/// <remarks>
/// SHA-256 of the salt and the key places each key on [0,1). Test owns the lower end [0, test), validation the upper end [1 − validation, 1), train what is
/// between. So a larger test share only takes keys from train (while test + validation stay the same or leave train room) and keeps every earlier
/// test key; likewise for validation. A key never moves between test and validation unless the shares themselves come to overlap its place.
/// </remarks>
public sealed record GroupSplit
{
    /// <summary>A split with these shares.</summary>
    /// <param name="test">Share of groups in test, in [0,1].</param>
    /// <param name="validation">Share of groups in validation, in [0,1]; test + validation at most 1.</param>
    /// <param name="salt">Another salt gives an independent split; keep it for the life of a project.</param>
    /// <exception cref="ArgumentException">A share is out of range or they sum to more than 1.</exception>
    public GroupSplit(double test, double validation, string salt)
    {
        if (!(test >= 0 && validation >= 0 && test + validation <= 1))
            throw new ArgumentException($"Shares of {test} test and {validation} validation do not fit: each at least 0, together at most 1.", nameof(test));
        (Test, Validation, Salt) = (test, validation, salt);
    }

    /// <summary>Share of groups in test.</summary>
    public double Test { get; }

    /// <summary>Share of groups in validation.</summary>
    public double Validation { get; }

    /// <summary>Tells independent splits apart.</summary>
    public string Salt { get; }

    /// <summary>The split of a group.</summary>
    /// <param name="groupKey">Equal for images that must stay together.</param>
    public Split Of(string groupKey)
    {
        double place = Place(groupKey);
        return place < Test ? Split.Test : place >= 1 - Validation ? Split.Validation : Split.Train;
    }

    private double Place(string groupKey)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Salt.Length}:{Salt}{groupKey}"));
        return (BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) * (1.0 / (1UL << 53));
    }
}
