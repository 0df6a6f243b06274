using Perenne.Vision.Drift;
using Perenne.Vision.Statistics;

namespace Perenne.Hub.Monitor;

/// <summary>What happened in a while.</summary>
/// <param name="Trials">Verdicts of the kind.</param>
/// <param name="Hits">Objected to, or found wrong.</param>
internal readonly record struct RateStep(DateTimeOffset At, long Trials, long Hits);

/// <summary>
/// Whether a rate rose above what it was in the model's beginning, however often is looked. The beginning gives the bound: the upper limit of
/// its rate (Clopper and Pearson, one-sided 99 %). Every day a new bet against "at most the bound" begins (<see cref="ProportionEProcess"/>); the money of all
/// of them together, in days, is the evidence. It reaches c with a chance of at most T/c in any T days without a change (an e-detector: Shin, Ramdas and
/// Rinaldo, 2023), however long all was well before: a single bet would have lost its money by then.
/// </summary>
/// <param name="Trials">All so far, with the beginning.</param>
/// <param name="Bound">Null while the beginning is not complete.</param>
/// <param name="Evidence">The largest so far: by accident, this much is seen once in so many days at most.</param>
/// <param name="Since">The day from which on the evidence is strongest, at an alarm.</param>
internal sealed record RateWatch(long Trials, long Hits, double? Bound, double Evidence, bool IsAlarm, DateTimeOffset? Since)
{
    private const double OneSided = 0.01, Least = 0.002;
    private const int MostBets = 92;

    public double? Rate => Trials == 0 ? null : (double)Hits / Trials;

    /// <param name="beginning">Trials that set the bound.</param>
    /// <param name="days">A false alarm in so many days is put up with.</param>
    /// <param name="restart">The bets begin anew after this moment: somebody resolved its last alarm.</param>
    public static RateWatch Of(IEnumerable<RateStep> steps, long beginning, double days, DateTimeOffset? restart = null) => new Count(beginning, null, days, restart).Of(steps);

    /// <param name="bound">Given, not taken from a beginning.</param>
    internal static RateWatch Of(IEnumerable<RateStep> steps, double bound, double days) => new Count(0, bound, days, null).Of(steps);

    private sealed class Count(long beginning, double? bound, double days, DateTimeOffset? restart)
    {
        private readonly List<(DateTimeOffset Day, ProportionEProcess Bet)> bets = [];
        private long trials, hits, late;
        private double most;
        private DateTimeOffset? since;

        public RateWatch Of(IEnumerable<RateStep> steps)
        {
            foreach (RateStep step in steps)
                Take(step);
            return new(trials, hits, bound, Math.Min(most, 1e12), most >= days, most >= days ? since : null);
        }

        private void Take(RateStep step)
        {
            // An objection may be pressed in the hour after the verdict.
            long now = Math.Min(step.Hits + late, step.Trials);
            late += step.Hits - now;
            (trials, hits) = (trials + step.Trials, hits + now);
            if (bound is not { } limit)
                bound = trials >= beginning ? UpperLimit(hits, trials) : null;
            else if (!(step.At <= restart) && step.Trials > 0)
                Bet(step, now, limit);
        }

        private void Bet(RateStep step, long hits, double limit)
        {
            DateTimeOffset day = new(step.At.UtcDateTime.Date, TimeSpan.Zero);
            if (bets.Count == 0 || bets[^1].Day != day)
                bets.Add((day, new(limit, ProportionChange.Above)));
            if (bets.Count > MostBets)
                bets.RemoveAt(0);
            double sum = 0;
            (DateTimeOffset Day, double Money) best = default;
            for (int i = 0; i < bets.Count; i++)
            {
                bets[i] = (bets[i].Day, bets[i].Bet.Observe(hits, step.Trials - hits));
                double money = bets[i].Bet.EValue;
                sum += money;
                best = money > best.Money ? (bets[i].Day, money) : best;
            }

            if (sum > most)
                (most, since) = (sum, most >= days ? since : best.Day);
        }
    }

    internal static double UpperLimit(long hits, long trials)
    {
        double low = (double)hits / trials, high = 1;
        for (int i = 0; i < 60 && hits < trials; i++)
        {
            double middle = (low + high) / 2;
            // The chance of at most so many hits at this rate.
            if (BetaFunctions.Regularized(trials - hits, hits + 1, 1 - middle) > OneSided)
                low = middle;
            else
                high = middle;
        }

        return Math.Clamp(high, Least, 1 - Least);
    }
}
