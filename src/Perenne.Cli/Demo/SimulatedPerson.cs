using System.Collections.Immutable;
using Perenne.Contracts.Annotation;

namespace Perenne.Cli.Demo;

/// <summary>How carefully somebody works.</summary>
/// <param name="Jitter">Standard deviation of a box edge in pixels.</param>
/// <param name="Misses">Share of the defects overlooked.</param>
/// <param name="WrongClass">Share of the boxes with another class.</param>
/// <param name="Invents">Share of the images with a box where nothing is.</param>
internal sealed record Care(double Jitter, double Misses, double WrongClass, double Invents)
{
    public static Care Expert { get; } = new(0.8, 0.01, 0.005, 0.005);

    public static Care Good { get; } = new(1.3, 0.03, 0.02, 0.01);

    public static Care Hasty { get; } = new(2.4, 0.10, 0.06, 0.03);
}

/// <summary>Turns the truth into what this person would draw; the same image always gives the same answer.</summary>
internal sealed class SimulatedPerson(string name, Care care, int seed)
{
    public string Name => name;

    public AnnotationDocument Answer(DemoImage image, IReadOnlyList<string> classes)
    {
        Random random = new(image.Name.Aggregate(seed + 17, (h, c) => unchecked((h * 31) + c)));
        List<DocumentShape> shapes = [];
        foreach (DemoBox box in image.Truth.Where(_ => random.NextDouble() >= care.Misses))
        {
            string label = random.NextDouble() < care.WrongClass ? classes[random.Next(classes.Count)] : box.Label;
            shapes.Add(Draw(shapes.Count, label, box.X + Slip(random), box.Y + Slip(random), box.X + box.Width + Slip(random), box.Y + box.Height + Slip(random), image));
        }

        if (random.NextDouble() < care.Invents)
        {
            double x = random.NextDouble() * (image.Width - 40), y = random.NextDouble() * (image.Height - 40);
            shapes.Add(Draw(shapes.Count, classes[random.Next(classes.Count)], x, y, x + 24, y + 24, image));
        }

        return AnnotationDocument.Empty with { Shapes = [.. shapes], Verdict = shapes.Count == 0 ? ImageVerdict.NoDefect : ImageVerdict.Defects };
    }

    private double Slip(Random random) => care.Jitter * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2;

    private static DocumentBox Draw(int number, string label, double left, double top, double right, double bottom, DemoImage image)
    {
        double x = Math.Clamp(Math.Round(left, 1), 0, image.Width - 2), y = Math.Clamp(Math.Round(top, 1), 0, image.Height - 2);
        double width = Math.Round(Math.Clamp(right - x, 1, image.Width - x), 1), height = Math.Round(Math.Clamp(bottom - y, 1, image.Height - y), 1);
        return new($"s{number}", label, ImmutableArray.Create(x, y, width, height));
    }
}
