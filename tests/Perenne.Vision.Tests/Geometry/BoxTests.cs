using Perenne.Vision.Geometry;

namespace Perenne.Vision.Tests.Geometry;

public class BoxTests
{
    [Fact]
    public void Corners_may_come_in_any_order() =>
        Assert.Equal(new Box(1, 2, 3, 4), Box.FromCorners(4, 6, 1, 2));
}
