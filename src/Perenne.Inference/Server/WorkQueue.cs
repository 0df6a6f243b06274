using System.Diagnostics;

namespace Perenne.Inference;

/// <summary>A bounded queue in three priorities that hands out batches. Waiting items hold no thread; a taking worker does.</summary>
internal sealed class WorkQueue(ServerSettings settings)
{
    private readonly object gate = new();
    private readonly Queue<WorkItem>[] queues = [new(), new(), new()];
    private bool closed;

    public int Count
    {
        get
        {
            lock (gate)
                return Total;
        }
    }

    private int Total => queues[0].Count + queues[1].Count + queues[2].Count;

    /// <summary>False when the part of the queue that this priority may use is full.</summary>
    public bool TryAdd(WorkItem item, FramePriority priority)
    {
        int room = priority switch { FramePriority.High => settings.QueueLength, FramePriority.Normal => settings.QueueLength * 9 / 10, _ => settings.QueueLength / 2 };
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, typeof(ModelServer));
            if (Total >= Math.Max(1, room))
                return false;
            queues[(int)priority].Enqueue(item);
            Monitor.Pulse(gate);
            return true;
        }
    }

    /// <summary>Blocks for the next batch: one call, or up to MaxBatch frames. Empty: the queue was closed.</summary>
    public List<WorkItem> Take()
    {
        List<WorkItem> batch = [];
        lock (gate)
        {
            while (batch.Count == 0)
            {
                while (Total == 0 && !closed)
                    Monitor.Wait(gate);
                if (Total == 0)
                    return batch;
                Fill(batch);
            }
            long first = Stopwatch.GetTimestamp();
            while (batch[0] is FrameItem && batch.Count < settings.MaxBatch && !closed)
            {
                TimeSpan left = settings.MaxDelay - Stopwatch.GetElapsedTime(first);
                if (left <= TimeSpan.Zero || (Total == 0 && !Monitor.Wait(gate, left)))
                    break;
                int before = batch.Count;
                Fill(batch);
                if (batch.Count == before && Total > 0)
                    break;
            }
        }
        return batch;
    }

    public List<WorkItem> Close()
    {
        lock (gate)
        {
            closed = true;
            List<WorkItem> left = [.. queues.SelectMany(q => q)];
            foreach (Queue<WorkItem> q in queues)
                q.Clear();
            Monitor.PulseAll(gate);
            return left;
        }
    }

    private void Fill(List<WorkItem> batch)
    {
        foreach (Queue<WorkItem> queue in queues)
        {
            while (batch.Count < settings.MaxBatch && queue.TryPeek(out WorkItem? next) && (batch.Count == 0 || (next is FrameItem && batch[0] is FrameItem)))
            {
                queue.Dequeue();
                if (next.TryStart())
                    batch.Add(next);
                if (next is not FrameItem && batch.Count > 0)
                    return;
            }
        }
    }
}
