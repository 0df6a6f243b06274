using GraphQL.DataLoader;

namespace Perenne.Hub.Share.Graph;

/// <summary>Collects the keys that a level of the query asks for and fetches them in one go: no query per row.</summary>
internal sealed class GraphBatch<TKey, TValue>(Func<IReadOnlyList<TKey>, Task<Dictionary<TKey, TValue>>> fetch)
    where TKey : notnull
{
    private Pending? open;

    /// <summary>The value, or the default of its type where there is none.</summary>
    public IDataLoaderResult<TValue?> Load(TKey key)
    {
        open ??= new(this);
        open.Keys.Add(key);
        return new Later(open, key);
    }

    private sealed class Pending(GraphBatch<TKey, TValue> owner)
    {
        private Task<Dictionary<TKey, TValue>>? fetching;

        public HashSet<TKey> Keys { get; } = [];

        public Task<Dictionary<TKey, TValue>> FetchAsync()
        {
            if (fetching is not null)
                return fetching;
            owner.open = null;
            return fetching = owner.Fetch([.. Keys]);
        }
    }

    private Task<Dictionary<TKey, TValue>> Fetch(IReadOnlyList<TKey> keys) => fetch(keys);

    private sealed class Later(Pending batch, TKey key) : IDataLoaderResult<TValue?>
    {
        public async Task<TValue?> GetResultAsync(CancellationToken cancellationToken = default) => (await batch.FetchAsync()).GetValueOrDefault(key);

        async Task<object?> IDataLoaderResult.GetResultAsync(CancellationToken cancellationToken) => await GetResultAsync(cancellationToken);
    }
}
