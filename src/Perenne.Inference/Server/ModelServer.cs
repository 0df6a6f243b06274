using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Perenne.Inference;

/// <summary>
/// One model shared by many callers: a bounded queue with priorities, runs of several frames where the network allows it, and a swap to
/// another model during which no frame is lost: every frame is judged by the old or the new model, and its answer says which.
/// </summary>
public sealed class ModelServer : IAsyncDisposable
{
    private readonly WorkQueue queue;
    private readonly ServerSettings settings;
    private readonly Thread[] workers;
    private SharedSession current;
    private long served, refused, failed;
    private int swaps;

    /// <summary>Starts the workers. The session belongs to the server from now on.</summary>
    public ModelServer(ModelSession session, ServerSettings? settings = null)
    {
        this.settings = settings ?? new ServerSettings();
        queue = new WorkQueue(this.settings);
        current = new SharedSession(session);
        workers = [.. Enumerable.Range(0, Math.Max(1, this.settings.Workers)).Select(i => new Thread(Work) { IsBackground = true, Name = $"model-{i}" })];
        foreach (Thread worker in workers)
            worker.Start();
    }

    /// <summary>The model that judges the next frame.</summary>
    public ModelPackage Package => Volatile.Read(ref current).Package;

    /// <summary>Counters.</summary>
    public ServerState State => new(queue.Count, Interlocked.Read(ref served), Interlocked.Read(ref refused), Interlocked.Read(ref failed), Volatile.Read(ref swaps));

    /// <summary>Queues a frame. Its pixels must stay until the task has ended, cancelled or not.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="priority">Who goes first.</param>
    /// <param name="answer">Faults with <see cref="FrameException"/> when the model cannot take the frame.</param>
    /// <param name="cancel">Takes the frame out of the queue; a run that has begun is finished.</param>
    /// <returns>False: the queue is full, try again later (HTTP 429 or 503).</returns>
    public bool TryJudge(Frame frame, FramePriority priority, [NotNullWhen(true)] out Task<Judgement>? answer, CancellationToken cancel = default)
    {
        FrameItem item = new(frame);
        answer = TryAdd(item, priority) ? item.Answer : null;
        if (answer is not null && cancel.CanBeCanceled)
            Forget(cancel.Register(() => item.Cancel(cancel)), item.Answer);
        return answer is not null;
    }

    /// <summary>Queues any other use of the session, such as a run on tensors.</summary>
    /// <returns>False: the queue is full.</returns>
    public bool TryCall<T>(Func<ModelSession, T> call, FramePriority priority, [NotNullWhen(true)] out Task<T>? answer, CancellationToken cancel = default)
    {
        CallItem<T> item = new(call);
        answer = TryAdd(item, priority) ? item.Answer : null;
        if (answer is not null && cancel.CanBeCanceled)
            Forget(cancel.Register(() => item.Cancel(cancel)), item.Answer);
        return answer is not null;
    }

    /// <summary>Puts another model in place. Frames that are being judged finish with the old one, which is freed after the last of them.</summary>
    public void Swap(ModelSession next)
    {
        SharedSession old = Interlocked.Exchange(ref current, new SharedSession(next));
        Interlocked.Increment(ref swaps);
        old.Retire();
    }

    /// <summary>Refuses what still waits, finishes what runs, frees the model.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (WorkItem left in queue.Close())
            if (left.TryStart())
                left.Fail(new ObjectDisposedException(nameof(ModelServer)));
        await Task.Run(() => Array.ForEach(workers, w => w.Join())).ConfigureAwait(false);
        Volatile.Read(ref current).Retire();
    }

    private bool TryAdd(WorkItem item, FramePriority priority)
    {
        bool added = queue.TryAdd(item, priority);
        if (!added)
            Interlocked.Increment(ref refused);
        return added;
    }

    /// <summary>A registration on a long-lived token must go with its frame, or every frame leaks.</summary>
    private static void Forget(CancellationTokenRegistration registration, Task answer) =>
        answer.ContinueWith(_ => registration.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private void Work()
    {
        for (List<WorkItem> batch = queue.Take(); batch.Count > 0; batch = queue.Take())
        {
            SharedSession shared;
            ModelSession? session;
            do
                shared = Volatile.Read(ref current);
            while (!shared.TryUse(out session));
            try
            {
                Run(batch, session);
            }
            finally
            {
                shared.Done();
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever a model throws belongs to its caller; the worker goes on.")]
    private void Run(List<WorkItem> batch, ModelSession session)
    {
        try
        {
            if (batch[0] is CallItem call)
                call.Run(session);
            else
                Judge(batch, session);
            Interlocked.Add(ref served, batch.Count);
        }
        catch (FrameException) when (batch.Count > 1)
        {
            // One frame does not fit the model: the others must not pay for it.
            batch.ForEach(item => Run([item], session));
        }
        catch (Exception e)
        {
            if (e is not FrameException)
                Interlocked.Increment(ref failed);
            batch.ForEach(item => item.Fail(e));
        }
    }

    private static void Judge(List<WorkItem> batch, ModelSession session)
    {
        long start = Stopwatch.GetTimestamp();
        FrameItem[] frames = [.. batch.Cast<FrameItem>()];
        Prediction[] predictions = session.Predict([.. frames.Select(f => f.Frame)]);
        for (int i = 0; i < frames.Length; i++)
            frames[i].Complete(predictions[i], session.Package, start);
    }
}
