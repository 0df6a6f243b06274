using System.Diagnostics;

namespace Perenne.Inference;

/// <summary>Something that waits for the model. It is started or cancelled, never both: pixels stay in use until it ends.</summary>
internal abstract class WorkItem
{
    private int started;

    public long Queued { get; } = Stopwatch.GetTimestamp();

    /// <summary>False when it was cancelled before.</summary>
    public bool TryStart() => Interlocked.CompareExchange(ref started, 1, 0) == 0;

    public abstract void Fail(Exception error);
}

/// <summary>A frame: may share a run with others.</summary>
internal sealed class FrameItem(Frame frame) : WorkItem
{
    private readonly TaskCompletionSource<Judgement> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Frame Frame => frame;

    public Task<Judgement> Answer => answer.Task;

    public void Complete(Prediction prediction, ModelPackage package, long startedAt) => answer.TrySetResult(new Judgement(prediction, package, Stopwatch.GetElapsedTime(Queued, startedAt)));

    public override void Fail(Exception error) => answer.TrySetException(error);

    public void Cancel(CancellationToken token)
    {
        if (TryStart())
            answer.TrySetCanceled(token);
    }
}

/// <summary>Anything else that needs the session, alone.</summary>
internal abstract class CallItem : WorkItem
{
    public abstract void Run(ModelSession session);
}

/// <summary>A call with its answer.</summary>
internal sealed class CallItem<T>(Func<ModelSession, T> call) : CallItem
{
    private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Answer => answer.Task;

    public override void Run(ModelSession session) => answer.TrySetResult(call(session));

    public override void Fail(Exception error) => answer.TrySetException(error);

    public void Cancel(CancellationToken token)
    {
        if (TryStart())
            answer.TrySetCanceled(token);
    }
}
