namespace Perenne.Station.Tests;

/// <summary>What a fault run found, record by record.</summary>
internal sealed record FaultReport
{
    public required IReadOnlyDictionary<string, int> Injected { get; init; }

    public required int Lives { get; init; }

    /// <summary>Frames whose sender was told "judged": none of these may be missing.</summary>
    public required int Acknowledged { get; init; }

    /// <summary>Frames that the station refused with a reason (disk full): not promised.</summary>
    public required int Refused { get; init; }

    public required int Observations { get; init; }

    public required int Segments { get; init; }

    public required IReadOnlyList<string> Lost { get; init; }

    public required IReadOnlyList<string> Doubled { get; init; }

    /// <summary>Gaps and repeats in the numbers of observations and segments, uploads with a wrong hash or without a token, segments that came twice with different bytes.</summary>
    public required IReadOnlyList<string> Violations { get; init; }

    public override string ToString() =>
        $"{Injected.Values.Sum()} injections in {Lives} lives ({string.Join(", ", Injected.Select(i => $"{i.Key} {i.Value}"))}): {Acknowledged} frames acknowledged, {Refused} refused with a reason, " +
        $"{Observations} observations in {Segments} segments at the hub; lost {Lost.Count}, doubled {Doubled.Count}, violations {Violations.Count}.";
}
