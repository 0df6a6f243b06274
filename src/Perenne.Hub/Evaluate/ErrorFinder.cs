using Perenne.Vision.Geometry;
using Perenne.Vision.Metrics;

namespace Perenne.Hub.Evaluate;

/// <summary>Sorts what a model got wrong on an image by why. Pure.</summary>
internal static class ErrorFinder
{
    public const double Iou = 0.5;

    /// <summary>The least score of a response that is looked at for itself; what lies below only completes the average precision.</summary>
    public const double Weak = 0.01;

    /// <summary>Below <see cref="Iou"/> and from here on a detection is meant for the object but lies badly.</summary>
    private const double Near = 0.1;

    /// <summary>From here on the model is so sure that the annotation is doubted.</summary>
    private const double Sure = 0.85;

    public static ImageResult Judge(ImageResult image)
    {
        FoundObject[] found = [.. image.Found.Where(f => f.Counts)];
        GroundTruth[] truth = [.. image.Truth.Select(t => GroundTruth.OfBox(0, t.Class, t.Box))];
        MatchedDetection[] matches = GreedyMatching.Match(truth, [.. found.Select(f => new Detection(0, f.Class, f.Box, f.Score))], Iou);
        HashSet<int> met = [.. matches.Where(m => m.Object >= 0).Select(m => m.Object)], explained = [];
        List<ImageError> errors = [];
        foreach (MatchedDetection wrong in matches.Where(m => m.Object < 0))
        {
            FoundObject one = found[wrong.Detection];
            (int other, double iou) = Best(one.Box, image.Truth, t => !met.Contains(t));
            ErrorKind kind = other < 0 || iou < Near ? ErrorKind.FalsePositive
                : image.Truth[other].Class == one.Class ? ErrorKind.BadlyPlaced
                : iou >= Iou ? ErrorKind.WrongClass : ErrorKind.FalsePositive;
            if (kind is ErrorKind.BadlyPlaced or ErrorKind.WrongClass)
                explained.Add(other);
            errors.Add(new(kind, one.Class, one.Score, one.X, one.Y, one.Width, one.Height));
            if (one.Score >= Sure && kind is ErrorKind.FalsePositive or ErrorKind.WrongClass && Best(one.Box, image.Truth, t => met.Contains(t)).Iou < Near)
                errors.Add(new(ErrorKind.SuspectedLabel, one.Class, one.Score, one.X, one.Y, one.Width, one.Height));
        }

        for (int t = 0; t < image.Truth.Count; t++)
        {
            if (met.Contains(t))
                continue;
            TrueObject one = image.Truth[t];
            if (!explained.Contains(t))
                errors.Add(new(ErrorKind.Miss, one.Class, null, one.X, one.Y, one.Width, one.Height));
            // Not even a weak response anywhere near: perhaps nothing is there.
            if (image.Found.All(f => f.Score < Weak || BoxIou.Of(f.Box, one.Box) < Near))
                errors.Add(new(ErrorKind.SuspectedLabel, one.Class, null, one.X, one.Y, one.Width, one.Height));
        }

        return image with { TruePositives = met.Count, FalsePositives = found.Length - met.Count, FalseNegatives = image.Truth.Count - met.Count, Errors = errors };
    }

    /// <summary>For tags: the surest class is the answer.</summary>
    public static ImageResult JudgeTag(ImageResult image)
    {
        if (image.Tag is not { } tag || image.Scores is not { Count: > 0 } scores)
            return image;
        int said = scores.Index().MaxBy(s => s.Item).Index;
        List<ImageError> errors = said == tag ? [] : [new(ErrorKind.WrongClass, said, scores[said], 0, 0, image.Width, image.Height)];
        if (said != tag && scores[said] >= Sure)
            errors.Add(new(ErrorKind.SuspectedLabel, said, scores[said], 0, 0, image.Width, image.Height));
        return image with { TruePositives = said == tag ? 1 : 0, FalsePositives = said == tag ? 0 : 1, FalseNegatives = said == tag ? 0 : 1, Errors = errors };
    }

    private static (int Object, double Iou) Best(Box box, IReadOnlyList<TrueObject> truth, Func<int, bool> among)
    {
        (int best, double iou) = (-1, 0);
        for (int t = 0; t < truth.Count; t++)
            if (among(t) && BoxIou.Of(box, truth[t].Box) is var here && here > iou)
                (best, iou) = (t, here);
        return (best, iou);
    }
}
