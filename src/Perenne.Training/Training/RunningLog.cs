using Perenne.Contracts.Jobs;

namespace Perenne.Training.Training;

/// <summary>Mean loss and pace since the last line.</summary>
internal sealed class RunningLog(ProgressLog log, StepTimer timer, int firstStep)
{
    private double loss, from = timer.Seconds;
    private int steps, last = firstStep;

    public double Seconds => timer.Seconds - from;

    public void Add(double value) => (loss, steps) = (loss + value, steps + 1);

    public void Flush(CheckpointHeader header, double rate, int batch)
    {
        double pace = Seconds / Math.Max(1, header.Step - last);
        // One step says nothing about the pace: the first of a process is slow.
        bool known = header.Step - last > 1;
        log.Write(new TrainingProgress
        {
            Step = header.Step,
            Steps = header.Steps == 0 ? null : header.Steps,
            Seconds = Math.Round(timer.Seconds, 2),
            RemainingSeconds = header.Steps == 0 || !known ? null : Math.Round((header.Steps - header.Step) * pace, 1),
            Loss = steps == 0 ? null : loss / steps,
            LearningRate = rate,
            ImagesPerSecond = known ? Math.Round(batch / pace, 1) : null,
        });
        (loss, steps, last, from) = (0, 0, header.Step, timer.Seconds);
    }
}
