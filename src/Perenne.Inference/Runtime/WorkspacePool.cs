namespace Perenne.Inference;

/// <summary>Idle workspaces, newest last; the oldest goes when there are too many, so that frames of many sizes do not pile up memory.</summary>
internal sealed class WorkspacePool(int channels) : IDisposable
{
    private const int MaxIdle = 8;
    private readonly Lock gate = new();
    private readonly List<Workspace> idle = [];
    private bool closed;

    public Workspace Rent(int batch, int height, int width)
    {
        lock (gate)
        {
            int at = idle.FindLastIndex(w => w.Key == (batch, height, width));
            if (at >= 0)
            {
                Workspace found = idle[at];
                idle.RemoveAt(at);
                return found;
            }
        }
        return new Workspace(batch, channels, height, width);
    }

    public void Return(Workspace workspace)
    {
        Workspace? surplus = workspace;
        lock (gate)
        {
            if (!closed)
            {
                idle.Add(workspace);
                surplus = idle.Count > MaxIdle ? idle[0] : null;
                if (surplus is not null)
                    idle.RemoveAt(0);
            }
        }
        surplus?.Dispose();
    }

    public void Dispose()
    {
        Workspace[] all;
        lock (gate)
        {
            closed = true;
            all = [.. idle];
            idle.Clear();
        }
        foreach (Workspace workspace in all)
            workspace.Dispose();
    }
}
