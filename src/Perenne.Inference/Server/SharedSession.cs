namespace Perenne.Inference;

/// <summary>A session with a count of its users: retired, it is freed when the last of them is done.</summary>
internal sealed class SharedSession(ModelSession session)
{
    private readonly Lock gate = new();
    private int users;
    private bool retired;

    /// <summary>False once retired.</summary>
    public bool TryUse(out ModelSession used)
    {
        used = session;
        lock (gate)
        {
            if (retired)
                return false;
            users++;
            return true;
        }
    }

    public void Done()
    {
        bool last;
        lock (gate)
            last = --users == 0 && retired;
        if (last)
            session.Dispose();
    }

    public void Retire()
    {
        bool idle;
        lock (gate)
        {
            idle = users == 0 && !retired;
            retired = true;
        }
        if (idle)
            session.Dispose();
    }

    public ModelPackage Package => session.Package;
}
