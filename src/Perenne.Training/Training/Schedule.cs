namespace Perenne.Training.Training;

/// <summary>Learning rate of each step: linear warm-up, then a half cosine down to a hundredth.</summary>
/// <remarks>During the warm-up the rate does not depend on the number of steps: a run of given minutes may plan it then, and repeats exactly when given that number.</remarks>
internal sealed record Schedule(int Warmup, int Steps, double Rate)
{
    private const double Last = 0.01;

    public double RateAt(int step)
    {
        if (step < Warmup)
            return Rate * (step + 1) / Warmup;
        double done = Math.Clamp((double)(step - Warmup) / Math.Max(1, Steps - Warmup), 0, 1);
        return Rate * (Last + (1 - Last) * 0.5 * (1 + Math.Cos(Math.PI * done)));
    }
}
