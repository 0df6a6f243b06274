namespace Perenne.Training.Boxes;

/// <summary>A box to be found, by its corners in pixels of the crop.</summary>
/// <param name="Class">Class number; meaningless where <paramref name="Ignore"/>.</param>
/// <param name="Ignore">Nothing is learnt inside: less than half of the defect is visible, or the annotation says so.</param>
internal readonly record struct TargetBox(int Class, float Left, float Top, float Right, float Bottom, bool Ignore = false);
