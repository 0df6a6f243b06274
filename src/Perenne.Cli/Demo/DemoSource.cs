using Perenne.Cli.Demo.Parts;

namespace Perenne.Cli.Demo;

/// <summary>Where the demo's production images come from.</summary>
internal abstract class DemoSource
{
    /// <summary>Label classes known from the start.</summary>
    public abstract IReadOnlyList<string> Classes { get; }

    /// <summary>The class that appears later.</summary>
    public abstract string LaterClass { get; }

    /// <summary>Name of the project on the hub.</summary>
    public abstract string Project { get; }

    /// <summary>How many of the images that a first campaign wants there are.</summary>
    public abstract int Begin(int plant, int wanted);

    /// <param name="number">Grows with production.</param>
    public abstract DemoImage Take(int plant, int number, DemoTrouble trouble);

    /// <summary>An image that is never given to anybody but the exam of the models.</summary>
    public abstract DemoImage Exam(int plant, int number, DemoTrouble trouble);
}

/// <summary>The generator of machined plates.</summary>
internal sealed class PlateSource : DemoSource
{
    // Strong enough to hurt a model, weak enough that a person still sees every defect.
    private const double LightDrift = 0.62;

    private static readonly PartDefect[] Known = [PartDefect.Scratch, PartDefect.Dent, PartDefect.Crack, PartDefect.Stain];

    // After the change, a worn drill: most parts have a defect, and most defects are of the new kind.
    private const double WornDrill = 0.75;
    private static readonly PartDefect[] Later = [.. Known, PartDefect.Burr, PartDefect.Burr, PartDefect.Burr, PartDefect.Burr, PartDefect.Burr, PartDefect.Burr];

    public override IReadOnlyList<string> Classes { get; } = [.. Known.Select(Name)];

    public override string LaterClass { get; } = Name(PartDefect.Burr);

    public override string Project => "Plates";

    public override int Begin(int plant, int wanted) => wanted;

    // Parts that no line ever makes in a demo.
    public override DemoImage Exam(int plant, int number, DemoTrouble trouble) => Take(plant, 500_000 + number, trouble);

    public override DemoImage Take(int plant, int number, DemoTrouble trouble)
    {
        LineLook look = LineLook.Of(plant);
        PartPicture picture = trouble == DemoTrouble.NewClass ? PartPainter.Paint(plant, number, look, Later, WornDrill) : PartPainter.Paint(plant, number, trouble == DemoTrouble.Light ? look.Drifted(LightDrift) : look, Known);
        return new($"{picture.PartId}.jpg", picture.PartId, picture.Jpeg, PartPainter.Width, PartPainter.Height,
            [.. picture.Defects.Select(d => new DemoBox(Name(d.Kind), d.X, d.Y, d.Width, d.Height))]);
    }

    private static string Name(PartDefect kind) => kind.ToString().ToLowerInvariant();
}
