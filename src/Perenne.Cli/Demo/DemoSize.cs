namespace Perenne.Cli.Demo;

/// <summary>How much of everything.</summary>
/// <param name="Images">Per plant, at the start.</param>
/// <param name="Shadow">Frames per plant that a new model watches before it decides; the latency gate wants 50.</param>
/// <param name="Production">Frames per plant that the stations judge before the trouble begins, and again after.</param>
/// <param name="FirstMinutes">Of the first training.</param>
/// <param name="SecondMinutes">Of the retraining.</param>
/// <param name="Audit">Images of an audit.</param>
/// <param name="HeldOut">Images per plant that nobody trains on: the before and after.</param>
internal sealed record DemoSize(int Images, int Shadow, int Production, double FirstMinutes, double SecondMinutes, int Audit, int HeldOut)
{
    public static DemoSize Of(bool quick) => quick ? new(60, 60, 150, 0.7, 0.5, 40, 40) : new(120, 60, 320, 2.5, 2, 80, 60);
}
