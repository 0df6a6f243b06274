namespace Perenne.Hub.Shared;

/// <summary>Time-ordered ids (UUID version 7): keyset paging and B-tree inserts stay local.</summary>
internal sealed class IdSource(TimeProvider time)
{
#pragma warning disable RS0030 // The one place where ids are made.
    public Guid Next() => Guid.CreateVersion7(time.GetUtcNow());
#pragma warning restore RS0030
}
