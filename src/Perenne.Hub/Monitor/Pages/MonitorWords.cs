using System.Globalization;
using Perenne.Hub.Shared.Pages;
using Perenne.Vision.Drift;

namespace Perenne.Hub.Monitor.Pages;

/// <summary>Causes, signals and states in a person's words.</summary>
internal static class MonitorWords
{
    public static string Cause(Text t, string cause) => cause switch
    {
        AlertKinds.NoFrames => t["The camera is silent"],
        AlertKinds.SamePicture => t["The camera sends the same picture again and again"],
        AlertKinds.FalseAlarms => t["Operators report more false alarms"],
        AlertKinds.MissedDefects => t["Operators report more missed defects"],
        AlertKinds.WrongVerdicts => t["Audited samples contradict the model"],
        _ => Enum.TryParse(cause, out DriftCause known) ? Cause(t, known) : cause,
    };

    public static string Cause(Text t, DriftCause cause) => cause switch
    {
        DriftCause.Upstream => t["The pipeline changed"],
        DriftCause.View => t["The camera or the fixture moved"],
        DriftCause.Lighting => t["The light changed"],
        DriftCause.Focus => t["The focus changed"],
        DriftCause.Noise => t["The noise changed"],
        DriftCause.Picture => t["The picture changed"],
        DriftCause.Quality => t["More pictures are unfit"],
        DriftCause.Content => t["Other things are on the pictures"],
        _ => t["The model finds other things"],
    };

    public static string Advice(Text t, DriftCause cause) => cause switch
    {
        DriftCause.Upstream => t["Compare the camera's settings and size with before. If it was meant, record it as a line change and as the new normal."],
        DriftCause.View => t["Look at the camera's mount and at how the parts are held. If it was moved on purpose, record it as a line change and as the new normal."],
        DriftCause.Lighting => t["Look at the lamps, the exposure and the covers of this camera."],
        DriftCause.Focus => t["Look at the lens: dirt, focus, vibration, distance."],
        DriftCause.Noise => t["Look at gain, exposure time and the light of this camera."],
        DriftCause.Picture => t["Compare the pictures below; dirt and reflections show here first."],
        DriftCause.Quality => t["Look at the reasons in the observations: pictures that cannot be judged are never passed as good."],
        DriftCause.Content => t["Is a new product or another background on the line? If so, record it; the model may need images of it."],
        _ => t["The pictures are as before. Either the parts got better or worse, or the model errs: have a sample annotated."],
    };

    public static string Signal(Text t, string signal) => signal switch
    {
        "size" => t["Picture size"],
        DriftCauses.Quality => t["Fit to be judged"],
        "sharpness" => t["Sharpness"],
        "noise" => t["Noise"],
        "entropy" => t["Entropy"],
        "view-shift" => t["Shift against the reference view"],
        "view-visible" => t["Details of the reference view that are found"],
        "brightness-p1" => t["Brightness, darkest 1 %"],
        "brightness-p50" => t["Brightness, middle"],
        "brightness-p99" => t["Brightness, lightest 1 %"],
        "features" => t["Features of the model"],
        "classes" => t["Mix of classes"],
        "detections" => t["Detections per picture"],
        "top-score" => t["Highest score"],
        _ => signal,
    };

    /// <summary>Why an alert is over: the watcher's word, or what a person found.</summary>
    public static string Because(Text t, string because) => because switch
    {
        RaiseAlerts.Recovered => t["It went back by itself."],
        OutdatedAlerts.Retrained => t["A model that was trained since decides here."],
        OutdatedAlerts.NewNormal => t["Somebody recorded it as the new normal."],
        _ => because,
    };

    public static string Share(double? share) => share is { } s ? s.ToString(s < 0.1 ? "P1" : "P0", CultureInfo.CurrentCulture) : "–";

    public static string Sure(double p) => p < 0.001 ? "< 0.001" : p.ToString("0.000", CultureInfo.CurrentCulture);

    public static (string Tone, string Icon, string Words) State(Text t, AlertState state) => state switch
    {
        AlertState.Open => ("bad", "bell-ringing", t["open"]),
        AlertState.Acknowledged => ("warn", "user-check", t["acknowledged"]),
        AlertState.Muted => ("quiet", "bell-off", t["muted"]),
        _ => ("good", "circle-check", t["resolved"]),
    };
}
