using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;
using Perenne.Vision.Metrics;

namespace Perenne.Hub.Evaluate;

/// <param name="Before">Wrong detections and misses of A.</param>
/// <param name="After">Of B.</param>
internal sealed record ChangedImage(Guid Id, string FileName, string Organization, int Before, int After);

/// <param name="Difference">F1 of B minus F1 of A, with the paired bootstrap's interval.</param>
/// <param name="ProbabilityBetter">Share of resamples in which B is above A.</param>
internal sealed record EvaluationComparison(
    int A, int B, int Images, double? F1A, double? F1B, Figure? Difference, double? ProbabilityBetter, bool IsBetter, bool IsWorse, int Improved, int Worsened, IReadOnlyList<ChangedImage> Better, IReadOnlyList<ChangedImage> Worse);

/// <summary>Two evaluations on the images that both looked at: is B better, by more than chance, and where?</summary>
internal sealed class CompareEvaluations(ReadEvaluations read)
{
    private const int MostShown = 60, Resamples = 2000;
    private const ulong Seed = 20260103;

    public async Task<Result<EvaluationComparison>> HandleAsync(Guid project, int a, int b, CancellationToken cancel)
    {
        Result<List<ImageResult>> first = await read.ResultsAsync(project, a, _ => true, cancel);
        if (!first.Succeeded)
            return first.Error;
        Result<List<ImageResult>> second = await read.ResultsAsync(project, b, _ => true, cancel);
        if (!second.Succeeded)
            return second.Error;
        Dictionary<Guid, ImageResult> of = second.Value.ToDictionary(r => r.Id);
        (ImageResult A, ImageResult B)[] pairs = [.. first.Value.Where(r => of.ContainsKey(r.Id)).Select(r => (r, of[r.Id]))];
        return pairs.Length == 0
            ? HubError.Invalid("with", $"Evaluations {a} and {b} have no image in common. Compare two on the same dataset version and slice.")
            : Compare(a, b, pairs);
    }

    internal static EvaluationComparison Compare(int a, int b, (ImageResult A, ImageResult B)[] pairs)
    {
        PairedComparison? paired = PairedBootstrap.Compare(pairs.Length, drawn => F1(pairs, drawn, p => p.A), drawn => F1(pairs, drawn, p => p.B), Seed, Resamples);
        int[] once = new int[pairs.Length];
        Array.Fill(once, 1);
        List<ChangedImage> changed = [.. pairs.Where(p => p.A.Wrong != p.B.Wrong).Select(p => new ChangedImage(p.A.Id, p.A.FileName, p.A.Organization, p.A.Wrong, p.B.Wrong))];
        List<ChangedImage> better = [.. changed.Where(c => c.After < c.Before).OrderByDescending(c => c.Before - c.After).ThenBy(c => c.Id)], worse = [.. changed.Where(c => c.After > c.Before).OrderByDescending(c => c.After - c.Before).ThenBy(c => c.Id)];
        return new(a, b, pairs.Length, F1(pairs, once, p => p.A), F1(pairs, once, p => p.B), paired is null ? null : new(paired.Difference, paired.Interval.Low, paired.Interval.High), paired?.ProbabilityBetter,
            paired?.IsBetter ?? false, paired?.IsWorse ?? false, better.Count, worse.Count, [.. better.Take(MostShown)], [.. worse.Take(MostShown)]);
    }

    private static double? F1((ImageResult A, ImageResult B)[] pairs, int[] drawn, Func<(ImageResult A, ImageResult B), ImageResult> side)
    {
        long right = 0, wrong = 0;
        for (int i = 0; i < drawn.Length; i++)
        {
            ImageResult one = side(pairs[i]);
            (right, wrong) = (right + ((long)drawn[i] * one.TruePositives), wrong + ((long)drawn[i] * one.Wrong));
        }

        return FigureBuilder.Ratio(2 * right, (2 * right) + wrong);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/projects/{project}/evaluations/{number:int}/compare/{with:int}", async (int number, int with, CompareEvaluations handler, HttpContext http) =>
            (await handler.HandleAsync(http.ProjectId(), with, number, http.RequestAborted)).ToOk())
        .Requires(HubAction.EvaluationsRead).Produces<EvaluationComparison>().WithTags("Evaluations").WithName("CompareEvaluations").WithSummary("Compares an evaluation with an earlier one on their common images, by a paired test.");
}
