namespace Perenne.Cli.Demo.Parts;

/// <summary>Defects of the generated parts. <see cref="Burr"/> is the class that appears later in a plant's life.</summary>
internal enum PartDefect
{
    Scratch,
    Dent,
    Crack,
    Stain,
    Burr,
}

/// <summary>One defect as it lies in the picture: bounds in pixels.</summary>
internal sealed record PlacedDefect(PartDefect Kind, double X, double Y, double Width, double Height);

/// <summary>A generated production image and the truth about it.</summary>
internal sealed record PartPicture(string PartId, byte[] Jpeg, IReadOnlyList<PlacedDefect> Defects);
