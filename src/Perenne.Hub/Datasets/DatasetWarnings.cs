namespace Perenne.Hub.Datasets;

/// <summary>What a data scientist should know before training on it. Pure.</summary>
internal static class DatasetWarnings
{
    public const int FewInTrain = 20, FewInTest = 5;

    public static IReadOnlyList<DatasetWarning> Of(DatasetStatistics s, StatisticsBuilder seen, LeftOut left, IReadOnlyList<string> askedOrganizations) => [.. All(s, seen, left, askedOrganizations)];

    private static IEnumerable<DatasetWarning> All(DatasetStatistics s, StatisticsBuilder seen, LeftOut left, IReadOnlyList<string> asked)
    {
        if (s.Images.Train == 0)
            yield return new("no-train", "No image is in train: nothing can be learnt from this version. Take more images in, or more groups of parts.");
        if (s.Images.Validation == 0)
            yield return new("no-validation", "No image is in validation: thresholds and the best checkpoint would be chosen blindly. Take more images in, or more groups of parts.");
        if (s.Images.Test == 0)
            yield return new("no-test", "No image is in test: a model trained on it cannot be measured. Take more images in, or more groups of parts.");
        if (seen.LeakingClusters > 0)
            yield return new("leakage", $"{seen.LeakingClusters} clusters of near duplicates have images in train and outside of it, because their parts or groups differ: figures on test will be too good. Give such images the same part or group.");
        bool shapes = s.Classes.Any(c => c.Shapes.All > 0);
        foreach (ClassStatistics one in s.Classes)
        {
            SplitCounts counts = shapes ? one.Shapes : one.Images;
            if (counts.All == 0)
                yield return new("empty-class", $"The class '{one.Name}' has no example. A model cannot learn it; leave it out or annotate some.");
            else if (counts.Train < FewInTrain)
                yield return new("few-in-train", $"The class '{one.Name}' has {counts.Train} examples in train; fewer than {FewInTrain} are rarely learnt. Annotate more of it.");
            if (counts.All > 0 && counts.Test < FewInTest)
                yield return new("few-in-test", $"The class '{one.Name}' has {counts.Test} examples in test; below {FewInTest} its figures say little.");
        }

        foreach (string organization in asked.Where(name => s.Organizations.All(o => o.Name != name)))
            yield return new("organization-missing", $"No annotated image is from '{organization}': how a model does there stays unknown. Annotate some of its images.");
        foreach (PlaceStatistics organization in s.Organizations.Where(o => o.Images.Test == 0))
            yield return new("organization-not-in-test", $"No image of '{organization.Name}' is in test: how a model does there cannot be measured. Annotate more of its parts.");
        if (s.Images.All > 0 && s.NoDefect.All == 0)
            yield return new("no-good-images", "No image was answered 'no defect': false alarms on good parts cannot be measured. Annotate good parts as well.");
        if (seen.NotLikeProduction > 0)
            yield return new("not-like-production", $"{seen.NotLikeProduction} images differ from what their cameras usually deliver. Leave out phone photos and test pictures by the quality filter.");
        if (left.Unanswered > 0)
            yield return new("unanswered", $"{left.Unanswered} annotated images have neither a shape nor the answer 'no defect' and were left out. Open them and answer.");
        foreach ((string name, int count) in left.Classes)
            yield return new("class-left-out", $"{count} shapes of the class '{name}' were left out: it is retired, unknown, or was not asked for.");
    }
}
