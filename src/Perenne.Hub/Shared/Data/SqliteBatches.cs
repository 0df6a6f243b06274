using Microsoft.EntityFrameworkCore.Update;

namespace Perenne.Hub.Shared.Data;

/// <summary>
/// Rows of one save go to SQLite as one command. Its provider makes one command of each row, and the making costs more than the row: an image that arrives
/// writes nine.
/// </summary>
internal sealed class SqliteBatches(ModificationCommandBatchFactoryDependencies dependencies) : IModificationCommandBatchFactory
{
    // Far below SQLite's 32,766 variables, with our widest table.
    private const int MaxRows = 200;

    public ModificationCommandBatch Create() => new Batch(dependencies);

    private sealed class Batch(ModificationCommandBatchFactoryDependencies dependencies) : AffectedCountModificationCommandBatch(dependencies, MaxRows);
}
