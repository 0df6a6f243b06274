namespace Perenne.Training.Boxes;

/// <summary>A box seen from a cell's centre: distances in pixels to its four sides. Negative ones: the centre lies outside.</summary>
internal readonly record struct Distances(float Left, float Top, float Right, float Bottom)
{
    public float Area => (Left + Right) * (Top + Bottom);

    public float Smallest => MathF.Min(MathF.Min(Left, Right), MathF.Min(Top, Bottom));

    public static Distances Of(TargetBox box, float x, float y) => new(x - box.Left, y - box.Top, box.Right - x, box.Bottom - y);

    /// <summary>Intersection over union of two boxes seen from the same centre.</summary>
    public float Iou(Distances other)
    {
        float width = MathF.Min(Left, other.Left) + MathF.Min(Right, other.Right), height = MathF.Min(Top, other.Top) + MathF.Min(Bottom, other.Bottom);
        if (width <= 0 || height <= 0)
            return 0;
        float common = width * height;
        return common / (Area + other.Area - common);
    }

    /// <summary>Generalised IoU (Rezatofighi et al. 2019) and its derivatives by this box's four distances.</summary>
    public float GeneralisedIou(Distances target, Span<float> derivative)
    {
        float rawWidth = MathF.Min(Left, target.Left) + MathF.Min(Right, target.Right), rawHeight = MathF.Min(Top, target.Top) + MathF.Min(Bottom, target.Bottom);
        bool meet = rawWidth > 0 && rawHeight > 0;
        float width = meet ? rawWidth : 0, height = meet ? rawHeight : 0;
        float hullWidth = MathF.Max(Left, target.Left) + MathF.Max(Right, target.Right), hullHeight = MathF.Max(Top, target.Top) + MathF.Max(Bottom, target.Bottom);
        float common = width * height, union = MathF.Max(Area + target.Area - common, 1e-6f), hull = MathF.Max(hullWidth * hullHeight, 1e-6f);
        float ownWidth = Left + Right, ownHeight = Top + Bottom;
        derivative[0] = By(Left < target.Left, height, hullHeight, ownHeight);
        derivative[1] = By(Top < target.Top, width, hullWidth, ownWidth);
        derivative[2] = By(Right < target.Right, height, hullHeight, ownHeight);
        derivative[3] = By(Bottom < target.Bottom, width, hullWidth, ownWidth);
        return common / union - 1 + union / hull;

        float By(bool inside, float commonSide, float hullSide, float ownSide)
        {
            float dCommon = inside ? commonSide : 0, dHull = inside ? 0 : hullSide, dUnion = ownSide - dCommon;
            return (dCommon * union - common * dUnion) / (union * union) + (dUnion * hull - union * dHull) / (hull * hull);
        }
    }
}
