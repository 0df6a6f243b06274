using Perenne.Vision.Geometry;
using Perenne.Vision.Metrics;
using Perenne.Vision.Statistics;

namespace Perenne.Bench.Vision;

/// <summary>A set of the size of COCO val2017, by seed: 5,000 images, 36,000 objects, 180,000 detections; a third of the detections are near an object.</summary>
internal sealed record MetricsCocoData(long[] Images, long[] Categories, GroundTruth[] Truth, Detection[] Detections)
{
    public static MetricsCocoData Create(int categories, int images = 5000, int objects = 36_000, int detections = 180_000, ulong seed = 20)
    {
        var random = new SeededRandom(seed);
        var truth = new GroundTruth[objects];
        for (int i = 0; i < objects; i++)
        {
            Box box = RandomBox(random);
            truth[i] = new GroundTruth(random.Next(images), random.Next(categories), box, box.Area * (0.5 + random.NextDouble() / 2), random.Next(100) == 0);
        }
        var found = new Detection[detections];
        for (int i = 0; i < detections; i++)
        {
            double score = Math.Round(random.NextDouble(), 3);
            GroundTruth near = truth[random.Next(objects)];
            found[i] = i % 3 == 0
                ? new Detection(near.ImageId, near.CategoryId, Jittered(near.Box, random), Math.Sqrt(score))
                : new Detection(random.Next(images), random.Next(categories), RandomBox(random), score);
        }
        return new MetricsCocoData([.. Enumerable.Range(0, images).Select(i => (long)i)], [.. Enumerable.Range(0, categories).Select(i => (long)i)], truth, found);
    }

    private static Box RandomBox(SeededRandom random)
    {
        double width = 5 + 200 * random.NextDouble() * random.NextDouble(), height = 5 + 200 * random.NextDouble() * random.NextDouble();
        return new Box(random.NextDouble() * (640 - width), random.NextDouble() * (480 - height), width, height);
    }

    private static Box Jittered(Box box, SeededRandom random)
    {
        double Factor() => 0.85 + 0.3 * random.NextDouble();
        return new Box(box.X + box.Width * 0.1 * random.NextNormal(), box.Y + box.Height * 0.1 * random.NextNormal(), box.Width * Factor(), box.Height * Factor());
    }
}
