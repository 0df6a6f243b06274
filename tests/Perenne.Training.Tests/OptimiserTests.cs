using Perenne.Training.Training;
using Perenne.Vision.Statistics;

namespace Perenne.Training.Tests;

public sealed class OptimiserTests
{
    [Fact]
    public void A_step_is_that_of_the_published_algorithm()
    {
        // 37 numbers: whole vectors and a rest.
        SeededRandom random = new(4);
        float[] weights = Random(random, 37), first = new float[37], second = new float[37], decayed = [.. Enumerable.Range(0, 37).Select(i => i % 2f)];
        double[] w = [.. weights.Select(x => (double)x)], m = new double[37], v = new double[37];
        for (int step = 1; step <= 5; step++)
        {
            float[] gradient = Random(random, 37);
            AdamW.Step(weights, gradient, first, second, decayed, step, 0.01f, 0.1f);
            for (int i = 0; i < 37; i++)
            {
                m[i] = 0.9 * m[i] + 0.1 * gradient[i];
                v[i] = 0.99 * v[i] + 0.01 * gradient[i] * gradient[i];
                w[i] -= 0.01 * (0.1 * decayed[i] * w[i] + m[i] / (1 - Math.Pow(0.9, step)) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.99, step))) + 1e-8));
            }
        }
        for (int i = 0; i < 37; i++)
            Assert.Equal(w[i], weights[i], 1e-5);
    }

    [Fact]
    public void A_long_gradient_is_shortened_and_a_short_one_left_alone()
    {
        float[] gradient = [30, 40];
        Assert.Equal(50, AdamW.Clip(gradient, 10), 1e-4);
        Assert.Equal([6, 8], gradient.Select(g => MathF.Round(g, 4)));
        Assert.Equal(10, AdamW.Clip(gradient, 20), 1e-4);
        Assert.Equal([6, 8], gradient.Select(g => MathF.Round(g, 4)));
    }

    [Fact]
    public void The_rate_of_the_warm_up_does_not_depend_on_the_number_of_steps()
    {
        Schedule unplanned = new(200, 0, 3e-3), planned = new(200, 5000, 3e-3);
        for (int step = 0; step < 200; step++)
            Assert.Equal(unplanned.RateAt(step), planned.RateAt(step));
        Assert.Equal(3e-3, planned.RateAt(200), 1e-9);
        Assert.Equal(3e-5, planned.RateAt(5000), 1e-9);
    }

    [Fact]
    public void A_run_too_short_for_its_warm_up_leaves_it_after_a_quarter_and_still_comes_down()
    {
        Schedule unplanned = new(200, 0, 3e-3), brief = new(200, 240, 3e-3);
        for (int step = 0; step < Schedule.Earliest; step++)
            Assert.Equal(unplanned.RateAt(step), brief.RateAt(step));
        Assert.Equal(60, Enumerable.Range(0, 240).MaxBy(brief.RateAt), 1.0);
        Assert.Equal(3e-3 * 60 / 200, brief.RateAt(60), 1e-9);
        Assert.True(brief.RateAt(239) < brief.RateAt(60) * 0.02);
    }

    private static float[] Random(SeededRandom random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
}
