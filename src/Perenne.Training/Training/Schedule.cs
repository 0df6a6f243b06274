namespace Perenne.Training.Training;

/// <summary>Learning rate of each step: linear warm-up, then a half cosine down to a hundredth.</summary>
/// <remarks>
/// Until <see cref="Earliest"/> the rate does not depend on the number of steps: a run of given minutes may plan it from there on, and repeats exactly when given that number.
/// A run too short for its warm-up leaves it after a quarter of its steps, and comes down from the rate it has reached by then.
/// </remarks>
internal sealed record Schedule(int Warmup, int Steps, double Rate)
{
    /// <summary>The first step at which a run of given minutes may plan.</summary>
    public const int Earliest = 24;

    private const double Last = 0.01;

    /// <summary>The step at which the warm-up is over: the rates before it do not depend on the number of steps.</summary>
    public int End => Steps == 0 ? Warmup : Math.Min(Warmup, Math.Max(Earliest, Steps / 4));

    public double RateAt(int step)
    {
        if (step < End)
            return Rate * (step + 1) / Warmup;
        double highest = Rate * End / Warmup, done = Math.Clamp((double)(step - End) / Math.Max(1, Steps - End), 0, 1);
        return highest * (Last + (1 - Last) * 0.5 * (1 + Math.Cos(Math.PI * done)));
    }
}
