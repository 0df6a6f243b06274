namespace Perenne.Vision.Metrics;

/// <summary>Buffers of one thread, grown as needed and reused from group to group.</summary>
internal sealed class CocoScratch
{
    /// <summary>Detections × objects, row-major.</summary>
    public double[] Ious { get; private set; } = [];

    public double[] Best { get; private set; } = [];

    public double[] DetectionAreas { get; private set; } = [];

    public int[] ObjectOrder { get; private set; } = [];

    public bool[] Crowd { get; private set; } = [];

    /// <summary>Bit t: the object is matched at threshold t.</summary>
    public ulong[] Taken { get; private set; } = [];

    public void Reserve(int objects, int detections)
    {
        if (Ious.Length < objects * detections)
            Ious = new double[objects * detections * 2];
        if (Best.Length < detections)
            (Best, DetectionAreas) = (new double[detections * 2], new double[detections * 2]);
        if (ObjectOrder.Length < objects)
            (ObjectOrder, Crowd, Taken) = (new int[objects * 2], new bool[objects * 2], new ulong[objects * 2]);
    }
}
