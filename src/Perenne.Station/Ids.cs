namespace Perenne.Station;

/// <summary>Ids in the order of time.</summary>
internal sealed class Ids(TimeProvider time)
{
    public Guid Next() => Guid.CreateVersion7(time.GetUtcNow());
}
