namespace Perenne.Station;

/// <summary>Where things lie below the station's folder.</summary>
internal sealed class StationPaths(string folder)
{
    public string Root { get; } = Path.GetFullPath(folder);
    public string Spool => Path.Combine(Root, "spool");
    public string Observations => Path.Combine(Spool, "observations");
    public string Images => Path.Combine(Spool, "images");
    public string Feedback => Path.Combine(Spool, "feedback");
    public string Refused => Path.Combine(Root, "refused");
    public string Models => Path.Combine(Root, "models");
    public string Golden => Path.Combine(Root, "golden");
    public string Cameras => Path.Combine(Root, "cameras");
    public string Plan => Path.Combine(Root, "plan.json");
    public string PreviousPlan => Path.Combine(Root, "plan.previous.json");
}
