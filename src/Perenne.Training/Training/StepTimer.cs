namespace Perenne.Training.Training;

/// <summary>Seconds of training over all resumes, and how many steps fit into a budget.</summary>
internal sealed class StepTimer(TimeProvider time, double before)
{
    private readonly long started = time.GetTimestamp();
    private double markSeconds;
    private int markStep;

    public double Seconds => before + time.GetElapsedTime(started).TotalSeconds;

    /// <summary>From here on the pace is measured: the first steps of a process are slower.</summary>
    public void Mark(int step) => (markSeconds, markStep) = (Seconds, step);

    /// <summary>Steps that fit into the budget at the pace since the mark.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="budget">Seconds in all.</param>
    /// <param name="aside">Seconds of the budget that are not spent on steps from here on: evaluations.</param>
    public int Plan(int step, double budget, double aside)
    {
        double pace = (Seconds - markSeconds) / Math.Max(1, step - markStep);
        return step + Math.Max(1, (int)((budget - aside - Seconds) / Math.Max(pace, 1e-6)));
    }
}
