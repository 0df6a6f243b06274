using Perenne.Contracts.Jobs;
using Perenne.Training.Data;
using Perenne.Training.Learners;
using Perenne.Training.Network;
using TorchSharp;

namespace Perenne.Training.Training;

/// <summary>How a loop ended.</summary>
internal enum LoopEnd { Finished, Stopped }

/// <summary>Reads from top to bottom: take a batch, step, average; now and then measure, log and save.</summary>
internal sealed class TrainingLoop(Learner learner, JobData data, TrainingState state, TrainingParameters parameters, RunFiles files, TimeProvider time)
{
    // The first steps of a process are slower and do not count for the plan, unless the budget is so short that they are most of it.
    private const int SlowSteps = 40, SlowestSteps = 8;
    private const double ShortBudget = 6; // planned when this part of it is gone, before the warm-up is over
    private const double LogSeconds = 5;
    private const double EvaluationShare = 0.15; // of a budget of minutes; a short run is measured less often
    private const int FewestEvaluations = 2;

    private readonly bool half = parameters.Precision == "bfloat16" || (parameters.Precision == "auto" && Processor.HasBfloat16);

    public CheckpointHeader Header { get; private set; } = null!;

    public bool Half => half;

    /// <summary>Trains from <paramref name="start"/> to the end or until asked to stop; a checkpoint is on the disk either way.</summary>
    /// <exception cref="TrainerException">The loss is not a number.</exception>
    public LoopEnd Run(CheckpointHeader start, double? budgetSeconds, CancellationToken stop)
    {
        Header = start;
        StepTimer timer = new(time, start.Seconds);
        using TorchGraph graph = new(state.Layout, state.Weights, state.Statistics, state.Gradients, half);
        using TorchGraph average = new(state.Layout, state.Average, state.AverageStatistics, null, half: false);
        using BatchQueue<Batch> batches = new(start.Step, learner.Make);
        RunningLog log = new(files.Log, timer, start.Step);
        double saved = timer.Seconds;
        for (int step = start.Step; Header.Steps == 0 || step < Header.Steps; step = Header.Step)
        {
            if (step - start.Step is SlowSteps or SlowestSteps)
                timer.Mark(step);
            Schedule schedule = new(parameters.Warmup, Header.Steps, parameters.LearningRate);
            log.Add(Step(graph, batches.Take(), step, schedule.RateAt(step)));
            Header = Header with { Step = step + 1, Seconds = timer.Seconds };
            if (Header.Steps == 0 && (step + 1 >= parameters.Warmup || (step + 1 >= Schedule.Earliest && timer.Seconds > budgetSeconds!.Value / ShortBudget)))
                Plan(timer, average, step + 1, budgetSeconds!.Value);
            // The first step too: a run shorter than the interval shows where it came from as well.
            if (log.Seconds > LogSeconds || step == start.Step || step + 1 == Header.Steps)
                log.Flush(Header, schedule.RateAt(step), parameters.Batch);
            if (IsEvaluation(step + 1) && Measure(average, timer) && parameters.Patience > 0 && Header.Stale >= parameters.Patience)
                Header = Header with { Steps = Header.Step };
            if (timer.Seconds - saved > parameters.CheckpointSeconds || stop.IsCancellationRequested || Header.Step == Header.Steps)
            {
                files.Save(Header, state);
                saved = timer.Seconds;
            }
            if (stop.IsCancellationRequested && Header.Step != Header.Steps)
                return LoopEnd.Stopped;
        }
        return LoopEnd.Finished;
    }

    private double Step(TorchGraph graph, Batch batch, int step, double rate)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Span<float> gradients = TrainingState.Span(state.Gradients), weights = TrainingState.Span(state.Weights);
        gradients.Clear();
        double loss = learner.Learn(graph, batch);
        graph.AddGradients();
        float length = AdamW.Clip(gradients, (float)parameters.GradientClip);
        if (!double.IsFinite(loss) || !float.IsFinite(length))
            throw new TrainerException($"The training broke at step {step + 1}: the {(double.IsFinite(loss) ? "gradient" : "loss")} is not a number. Use a smaller learningRate (now {parameters.LearningRate}), and look for damaged images or annotations.");
        AdamW.Step(weights, gradients, state.FirstMoment, state.SecondMoment, state.Decayed, step + 1, (float)rate, (float)parameters.WeightDecay);
        // The average follows quickly at first: the first weights are worth nothing.
        float keep = (float)Math.Min(parameters.Average, (1.0 + step) / (10 + step));
        AdamW.Average(TrainingState.Span(state.Average), weights, keep);
        AdamW.Average(TrainingState.Span(state.AverageStatistics), TrainingState.Span(state.Statistics), keep);
        return loss;
    }

    // The pace is known now; what the evaluations will cost is measured by doing one.
    private void Plan(StepTimer timer, TorchGraph average, int step, double budget)
    {
        double before = timer.Seconds;
        if (data.Validation.Count > 0)
            learner.Measure(average, data.Validation, default);
        double once = timer.Seconds - before;
        int evaluations = Math.Clamp((int)(EvaluationShare * budget / Math.Max(once, 1e-3)), Math.Min(FewestEvaluations, parameters.Evaluations), parameters.Evaluations);
        int steps = Math.Max(timer.Plan(step, budget + once, evaluations * once + once), step + 1);
        // Rather over the budget than a run that its own number of steps does not repeat: what is done so far has to be what that number would have done.
        while (step > new Schedule(parameters.Warmup, steps, parameters.LearningRate).End || step > EvaluationAt(1, steps, evaluations))
            steps++;
        Header = Header with { Steps = steps, Evaluations = evaluations };
        files.Log.Write(new TrainingProgress { Step = step, Steps = steps, Seconds = timer.Seconds, Message = $"Planned {steps} steps; --steps {steps} --set warmup={parameters.Warmup} evaluations={evaluations} repeats this run." });
        files.Save(Header, state);
    }

    private bool IsEvaluation(int step)
    {
        if (Header.Steps == 0 || data.Validation.Count == 0)
            return false;
        int count = Header.Evaluations > 0 ? Header.Evaluations : parameters.Evaluations;
        for (int i = 1; i <= count; i++)
            if (step == EvaluationAt(i, Header.Steps, count))
                return true;
        return false;
    }

    // Spread over the later four fifths, the last at the end.
    private static int EvaluationAt(int number, int steps, int count) => (steps / 5) + (int)((long)(steps - (steps / 5)) * number / count);

    private bool Measure(TorchGraph average, StepTimer timer)
    {
        Figures figures = learner.Measure(average, data.Validation, default);
        bool better = figures.Score > Header.BestScore;
        if (better)
            state.KeepBest();
        Header = Header with
        {
            BestScore = Math.Max(figures.Score, Header.BestScore),
            BestStep = better ? Header.Step : Header.BestStep,
            Stale = better ? 0 : Header.Stale + 1,
        };
        files.Log.Write(new TrainingProgress { Step = Header.Step, Steps = Header.Steps, Seconds = timer.Seconds, Validation = figures.Values, Answers = figures.Answers });
        return true;
    }
}
