namespace Perenne.Cli.Demo;

/// <summary>How much of everything.</summary>
/// <param name="Images">Per plant, at the start.</param>
/// <param name="Shadow">Frames per plant that a new model watches before it decides; the latency gate wants 50.</param>
/// <param name="Window">Frames that the drift monitor judges at a time; it compares with twice as many.</param>
/// <param name="FirstSteps">Of the first training: the same model however busy the machine is.</param>
/// <param name="SecondSteps">Of the retraining, from the first model's weights.</param>
/// <param name="Audit">Images of an audit.</param>
/// <param name="Fresh">Images per plant with which the new model is measured in the end; the hub measures from 20 on.</param>
/// <param name="HeldOut">Images per plant that nobody trains on: the before and after.</param>
internal sealed record DemoSize(int Images, int Shadow, int Window, int FirstSteps, int SecondSteps, int Audit, int Fresh, int HeldOut)
{
    public static DemoSize Of(bool quick) => quick ? new(60, 60, 60, 300, 200, 40, 24, 40) : new(120, 90, 120, 900, 500, 80, 40, 60);

    /// <summary>Of the frames in shadow those that the gates must have seen: a new camera's first ones may be refused until it is known.</summary>
    public int LeastFrames => Math.Min(Shadow, 60);

    /// <summary>Frames per plant until the monitor knows what is normal, and one calm window more; a few, because a reference begins with the first frame that the model decided.</summary>
    public int Calm => (4 * Window) + (Window / 4);

    /// <summary>Frames per plant within which the trouble must be noticed.</summary>
    public int Trouble => 6 * Window;
}
