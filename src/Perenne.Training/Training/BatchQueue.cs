using System.Collections.Concurrent;

namespace Perenne.Training.Training;

/// <summary>Makes the batches of the next steps on a thread of its own, in order.</summary>
internal sealed class BatchQueue<T> : IDisposable
{
    private const int Ahead = 3;

    private readonly BlockingCollection<(T? Batch, Exception? Failure)> ready = new(Ahead);
    private readonly CancellationTokenSource stop = new();
    private readonly Thread maker;

    public BatchQueue(int firstStep, Func<int, T> make)
    {
        maker = new Thread(() => Make(firstStep, make)) { IsBackground = true, Name = "batches" };
        maker.Start();
    }

    public T Take()
    {
        (T? batch, Exception? failure) = ready.Take();
        return failure is null ? batch! : failure is TrainerException ? throw new TrainerException(failure.Message, failure) : throw new InvalidOperationException("A batch could not be made.", failure);
    }

    public void Dispose()
    {
        stop.Cancel();
        maker.Join();
        ready.Dispose();
        stop.Dispose();
    }

    private void Make(int step, Func<int, T> make)
    {
        try
        {
            for (; ; step++)
                ready.Add((make(step), null), stop.Token);
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception e) when (e is TrainerException or IOException or InvalidOperationException or ArgumentException or OutOfMemoryException)
        {
            // Reported by Take, on the thread that trains.
            if (!stop.IsCancellationRequested)
                ready.Add((default, e), CancellationToken.None);
        }
    }
}
