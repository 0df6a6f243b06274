using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Evaluate;
using Perenne.Hub.Shared.Data;
using Perenne.Vision.Drift;

namespace Perenne.Hub.Monitor;

/// <summary>Estimated share of a class among the true defects, then and now.</summary>
internal sealed record LabelShare(string Class, double Before, double Now);

/// <summary>
/// Label shift without labels: the model's confusions, as its newest evaluation counted them, turn the mix of what it finds into the mix of what is
/// there (<see cref="LabelShift"/>). Only defects that were found are in it: misses cannot be seen from findings.
/// </summary>
internal sealed class LabelMix(HubDbContext db)
{
    private const int LeastFindings = 30;

    /// <returns>Null without an evaluation, with too few findings, or where the model confuses its classes too much to say.</returns>
    public async Task<Func<IEnumerable<string>, IEnumerable<string>, IReadOnlyList<LabelShare>?>> OfAsync(Guid? model, CancellationToken cancel)
    {
        EvaluationFigures? figures = model is null ? null : await db.Set<Evaluation>().AsNoTracking().Where(e => e.ModelVersionId == model && e.State == EvaluationState.Ready)
            .OrderByDescending(e => e.Number).Select(e => e.Figures).FirstOrDefaultAsync(cancel);
        return figures is null ? (_, _) => null : (before, now) => Estimate([.. figures.Classes.Select(c => c.Name)], figures.Confusion, before, now);
    }

    internal static IReadOnlyList<LabelShare>? Estimate(string[] classes, IReadOnlyList<IReadOnlyList<int>> confusion, IEnumerable<string> before, IEnumerable<string> now)
    {
        int n = classes.Length;
        double[] Counts(IEnumerable<string> found)
        {
            string[] all = [.. found];
            return Array.ConvertAll(classes, c => (double)all.Count(f => f == c));
        }
        double[] then = Counts(before), today = Counts(now);
        if (n < 2 || confusion.Count < n || then.Sum() < LeastFindings || today.Sum() < LeastFindings)
            return null;
        double[,] matrix = new double[n, n];
        for (int actual = 0; actual < n; actual++)
            for (int said = 0; said < n; said++)
                matrix[said, actual] = confusion[actual][said];
        if (matrix.Cast<double>().Sum() <= 0 || LabelShift.Estimate(matrix, then) is not { } first || LabelShift.Estimate(matrix, today) is not { } second)
            return null;
        return [.. classes.Select((c, k) => new LabelShare(c, first.Target[k], second.Target[k]))];
    }
}
