namespace Perenne.Hub.Shared.Pages;

/// <summary>The components of one request load one after the other, in the order they appeared. Only used on the renderer's own thread of work.</summary>
internal sealed class LoadingTurn
{
    private Task last = Task.CompletedTask;

    public async Task TakeAsync(Func<Task> load)
    {
        TaskCompletionSource mine = new();
        Task before = last;
        last = mine.Task;
        await before;
        try
        {
            await load();
        }
        finally
        {
            mine.SetResult();
        }
    }
}
