namespace Perenne.Vision.Metrics;

/// <summary>For each detection (in group order) and size group: bit t is set where it is matched, or ignored, at threshold t.</summary>
internal sealed class CocoMatches(int detections, int areas)
{
    public ulong[][] Matched { get; } = Rows(detections, areas);

    public ulong[][] Ignored { get; } = Rows(detections, areas);

    private static ulong[][] Rows(int detections, int areas)
    {
        var rows = new ulong[areas][];
        for (int a = 0; a < areas; a++)
            rows[a] = new ulong[detections];
        return rows;
    }
}
