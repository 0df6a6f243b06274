using System.Text.Json;
using CsCheck;
using Perenne.TestSupport;
using Perenne.Vision.Matching;

namespace Perenne.Vision.Tests.Matching;

public class AssignmentTests
{
    [Fact]
    public void Totals_equal_the_golden_ones()
    {
        int cases = 0;
        foreach (string line in File.ReadLines(SharedData.Require("golden/statistics/assignment.jsonl")))
        {
            using JsonDocument golden = JsonDocument.Parse(line);
            double[][] cost = golden.RootElement.GetProperty("cost").Deserialize<double[][]>()!;
            double[] flat = [.. cost.SelectMany(r => r)];
            int[] solution = Assignment.Solve(flat, cost.Length, cost[0].Length);
            Assert.Equal(golden.RootElement.GetProperty("total").GetDouble(), Assignment.Total(flat, cost[0].Length, solution), 1e-9);
            AssertValid(solution, cost[0].Length, Math.Min(cost.Length, cost[0].Length));
            cases++;
        }
        Assert.Equal(200, cases);
    }

    [Fact]
    public void No_permutation_is_cheaper_and_none_pairs_more() =>
        (from rows in Gen.Int[0, 6]
         from columns in Gen.Int[0, 6]
         from cost in Gen.Frequency((4, Gen.Double[-5, 5]), (2, Gen.Int[-3, 3].Select(i => (double)i)), (2, Gen.Const(double.PositiveInfinity))).Array[rows * columns]
         select (rows, columns, cost)).Sample(p =>
        {
            int[] solution = Assignment.Solve(p.cost, p.rows, p.columns);
            (int pairs, double total) = BruteForce(p.cost, p.rows, p.columns, 0, 0);
            AssertValid(solution, p.columns, pairs);
            Assert.Equal(total, Assignment.Total(p.cost, p.columns, solution), 1e-9);
        });

    [Fact]
    public void A_row_that_may_take_nothing_stays_unassigned() =>
        Assert.Equal([1, -1, 0], Assignment.Solve([5, 1, double.PositiveInfinity, double.PositiveInfinity, 2, 9], 3, 2));

    [Fact]
    public void A_cost_that_is_not_a_number_is_refused() =>
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => Assignment.Solve([1, double.NaN], 1, 2)).Message, StringComparison.Ordinal);

    private static void AssertValid(int[] solution, int columns, int pairs)
    {
        int[] assigned = [.. solution.Where(c => c >= 0)];
        Assert.Equal(pairs, assigned.Length);
        Assert.Equal(assigned.Length, assigned.Distinct().Count());
        Assert.All(assigned, c => Assert.InRange(c, 0, columns - 1));
    }

    private static (int Pairs, double Total) BruteForce(double[] cost, int rows, int columns, int row, int used)
    {
        if (row == rows)
            return (0, 0);
        (int pairs, double total) = BruteForce(cost, rows, columns, row + 1, used);
        for (int c = 0; c < columns; c++)
        {
            if ((used & (1 << c)) != 0 || double.IsPositiveInfinity(cost[row * columns + c]))
                continue;
            (int rest, double sum) = BruteForce(cost, rows, columns, row + 1, used | (1 << c));
            double candidate = sum + cost[row * columns + c];
            if (rest + 1 > pairs || (rest + 1 == pairs && candidate < total))
                (pairs, total) = (rest + 1, candidate);
        }
        return (pairs, total);
    }
}
