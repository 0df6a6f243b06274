namespace Perenne.Cli.Demo;

/// <summary>What may be wrong with a production image, so that the demo can show that it is noticed.</summary>
internal enum DemoTrouble
{
    None,

    /// <summary>The line's light has aged and moved.</summary>
    Light,

    /// <summary>A kind of defect that the model has never seen.</summary>
    NewClass,
}

/// <param name="Label">Label class.</param>
internal sealed record DemoBox(string Label, double X, double Y, double Width, double Height);

/// <summary>One production image with the truth that only the demo knows.</summary>
internal sealed record DemoImage(string Name, string PartId, byte[] File, int Width, int Height, IReadOnlyList<DemoBox> Truth);
