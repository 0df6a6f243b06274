using System.Globalization;

namespace Perenne.Hub.Fleet;

internal enum FleetLevel
{
    Good,
    Watch,
    Act,

    /// <summary>Nothing to judge by yet.</summary>
    Unknown,
}

/// <summary>The mission's seven questions, in the order of the loop.</summary>
internal enum FleetQuestion
{
    Performance,
    FreshImages,
    ImageQuality,
    Annotations,
    Pace,
    Retrained,
    Deployed,
}

/// <summary>Where a cell's advice is followed.</summary>
internal enum FleetTarget
{
    Evaluations,
    Measurement,
    Images,
    FlaggedImages,
    DriftReport,
    Monitor,
    Campaign,
    Campaigns,
    Contradictions,
    Datasets,
    Retraining,
    Training,
    Deployments,
    Rollouts,
    Stations,
}

/// <param name="Value">The live figure.</param>
/// <param name="Words">What it means and what to do, as a sentence.</param>
internal sealed record FleetCell(FleetQuestion Question, FleetLevel Level, string Value, string Words, FleetTarget Target);

/// <summary>The states of the fleet board, as a pure function of facts and time.</summary>
internal static class FleetRules
{
    public static IReadOnlyList<FleetCell> Of(FleetFacts facts, DateTimeOffset now) =>
        [Performance(facts, now), FreshImages(facts, now), Quality(facts), Annotations(facts), Pace(facts), Retrained(facts, now), Deployed(facts)];

    private static FleetCell Performance(FleetFacts facts, DateTimeOffset now)
    {
        const FleetQuestion question = FleetQuestion.Performance;
        if (facts.Performance is not { } measured)
            return facts.ActiveVersion is null
                ? new(question, FleetLevel.Unknown, "–", "No model is deployed here yet.", FleetTarget.Deployments)
                : Unmeasured(facts);
        string value = Percent(measured.Value), range = $"{Percent(measured.Low)} – {Percent(measured.High)}";
        int days = (int)(now - measured.At).TotalDays;
        if (!measured.IsActiveVersion)
            return new(question, FleetLevel.Watch, value, "That was measured with another version than the deployed one. Evaluate again.", FleetTarget.Evaluations);
        if (measured.High < facts.PerformanceBound)
            return new(question, FleetLevel.Act, value, $"Surely below the bound of {Percent(facts.PerformanceBound)} ({range}). Retrain.", facts.IsRetraining ? FleetTarget.Retraining : FleetTarget.Training);
        if (days > 14)
            return new(question, FleetLevel.Watch, value, $"Measured {days} days ago. Annotate a few new images and evaluate.", FleetTarget.Campaigns);
        return measured.Low < facts.PerformanceBound
            ? new(question, FleetLevel.Watch, value, $"Not surely above the bound of {Percent(facts.PerformanceBound)} ({range}). More accepted images narrow it.", FleetTarget.Measurement)
            : new(question, FleetLevel.Good, value, $"{range} on {measured.Images} new images.", FleetTarget.Measurement);
    }

    private static FleetCell FreshImages(FleetFacts facts, DateTimeOffset now)
    {
        const FleetQuestion question = FleetQuestion.FreshImages;
        if (facts.LastImageAt is not { } last)
            return new(question, FleetLevel.Act, "0", "No image has arrived yet. Import some, or enrol a station.", FleetTarget.Images);
        double days = (now - last).TotalDays;
        string value = Count(facts.ImagesThisWeek);
        if (facts.SilentCameras > 0)
            return new(question, FleetLevel.Act, value, facts.SilentCameras == 1 ? "A camera is silent while others go on." : $"{facts.SilentCameras} cameras are silent while others go on.", FleetTarget.Monitor);
        return days > 7 ? new(question, FleetLevel.Act, value, $"No image for {(int)days} days. Look at the camera and the station.", FleetTarget.Stations)
            : days > 2 ? new(question, FleetLevel.Watch, value, $"The last image came {(int)days} days ago.", FleetTarget.Stations)
            : new(question, FleetLevel.Good, value, "images in the last 7 days.", FleetTarget.Images);
    }

    private static FleetCell Quality(FleetFacts facts)
    {
        const FleetQuestion question = FleetQuestion.ImageQuality;
        if (facts.Judged == 0)
            return new(question, FleetLevel.Unknown, "–", "No image of the last 30 days to judge.", FleetTarget.Images);
        double share = (double)facts.Usable / facts.Judged;
        if (facts.DriftIsOpen)
            return new(question, FleetLevel.Act, Percent(share), "Production images have drifted. Read the drift report.", FleetTarget.DriftReport);
        return share < 0.8 ? new(question, FleetLevel.Act, Percent(share), "of the images are usable. Look at the reasons in the gallery.", FleetTarget.FlaggedImages)
            : share < 0.95 ? new(question, FleetLevel.Watch, Percent(share), "of the images are usable; some are flagged.", FleetTarget.FlaggedImages)
            : new(question, FleetLevel.Good, Percent(share), "of the images are usable.", FleetTarget.Images);
    }

    private static FleetCell Annotations(FleetFacts facts)
    {
        const FleetQuestion question = FleetQuestion.Annotations;
        string value = Count(facts.Accepted);
        if (facts.Accepted == 0)
            return new(question, FleetLevel.Act, value, "No accepted annotation yet. Start a campaign.", FleetTarget.Campaigns);
        if (facts.Agreement is < 0.6)
        {
            string agreement = facts.Agreement.Value.ToString("0.00", CultureInfo.CurrentCulture);
            return new(question, FleetLevel.Act, value, $"The annotators agree too little ({agreement}). Look at the contradictions.", FleetTarget.Contradictions);
        }

        if (facts.Annotators < 2)
            return new(question, FleetLevel.Watch, value, facts.Annotators == 0 ? "Nobody has annotated for 14 days." : "Only one person annotates. A second one makes agreement measurable.", FleetTarget.Campaigns);
        return facts.AcceptedThisMonth < 50
            ? new(question, FleetLevel.Watch, value, $"Only {facts.AcceptedThisMonth} accepted in 30 days: too few to measure the model well.", FleetTarget.Campaigns)
            : new(question, FleetLevel.Good, value, Annotated(facts), FleetTarget.Campaigns);
    }

    private static FleetCell Pace(FleetFacts facts)
    {
        const FleetQuestion question = FleetQuestion.Pace;
        if (facts.Pace is not { } pace)
            return new(question, FleetLevel.Unknown, "–", "No campaign is running.", FleetTarget.Campaigns);
        string value = $"{Count(pace.Done)} / {Count(pace.Target)}";
        if (pace.Done >= pace.Target)
            return new(question, FleetLevel.Good, value, $"{pace.Name} has reached its target.", FleetTarget.Campaign);
        if (pace.PerDay <= 0)
            return new(question, FleetLevel.Act, value, $"{pace.Name}: nothing was finished in the last days.", FleetTarget.Campaign);
        if (pace is { DueOn: { } due, DoneOn: { } done })
        {
            int late = done.DayNumber - due.DayNumber;
            return late > 7 ? new(question, FleetLevel.Act, value, $"{pace.Name}: {late} days late at this pace. Add people or move the date.", FleetTarget.Campaign)
                : late > 0 ? new(question, FleetLevel.Watch, value, $"{pace.Name}: {late} days late at this pace.", FleetTarget.Campaign)
                : new(question, FleetLevel.Good, value, $"{pace.Name} is on pace.", FleetTarget.Campaign);
        }

        string perDay = pace.PerDay.ToString("0.#", CultureInfo.CurrentCulture);
        return new(question, FleetLevel.Good, value, $"{pace.Name}: {perDay} images a day.", FleetTarget.Campaign);
    }

    private static FleetCell Retrained(FleetFacts facts, DateTimeOffset now)
    {
        const FleetQuestion question = FleetQuestion.Retrained;
        if (facts.TrainedAt is not { } trained)
            return new(question, facts.Accepted >= 50 ? FleetLevel.Act : FleetLevel.Unknown, "–",
                facts.Accepted >= 50 ? "Enough is accepted for a first model. Make a dataset version and train." : "No model was trained yet.", FleetTarget.Datasets);
        string value = Count(facts.AcceptedSinceTraining);
        if (facts.IsRetraining)
            return new(question, FleetLevel.Watch, value, "accepted images are new; a retraining is under way.", FleetTarget.Retraining);
        return facts.AcceptedSinceTraining >= facts.RetrainAfter
            ? new(question, FleetLevel.Act, value, "accepted images are new since the last training. Retrain.", FleetTarget.Training)
            : facts.AcceptedSinceTraining >= facts.RetrainAfter / 2
                ? new(question, FleetLevel.Watch, value, "accepted images are new since the last training.", FleetTarget.Training)
                : new(question, FleetLevel.Good, value, Ago((int)(now - trained).TotalDays), FleetTarget.Training);
    }

    private static FleetCell Deployed(FleetFacts facts)
    {
        const FleetQuestion question = FleetQuestion.Deployed;
        if (facts.ActiveVersion is not { } active)
            return new(question, facts.NewestVersion is null ? FleetLevel.Unknown : FleetLevel.Act, "–",
                facts.NewestVersion is null ? "There is no model to deploy yet." : "A model exists, and none is deployed here.", facts.NewestVersion is null ? FleetTarget.Training : FleetTarget.Deployments);
        string value = $"v{active}";
        if (facts.Stations > 0 && facts.SilentStations > 0)
            return new(question, FleetLevel.Act, value, $"{facts.SilentStations} of {facts.Stations} stations are silent.", FleetTarget.Stations);
        if (facts.ComingVersion is { } coming)
            return new(question, FleetLevel.Watch, value, $"v{coming} is being tried beside it.", FleetTarget.Rollouts);
        return facts.NewestVersion > active
            ? new(question, FleetLevel.Watch, value, $"v{facts.NewestVersion} exists and is not deployed here.", FleetTarget.Deployments)
            : new(question, FleetLevel.Good, value, "The newest version decides.", FleetTarget.Deployments);
    }

    // A version that has just come is measured by the policy as soon as a few images are accepted that it was not trained on.
    private static FleetCell Unmeasured(FleetFacts facts) => facts.AcceptedSinceTraining == 0
        ? new(FleetQuestion.Performance, FleetLevel.Act, "?", "The deployed model was never measured on this organization's images, and none is accepted that it was not trained on. Annotate a few.", FleetTarget.Campaigns)
        : new(FleetQuestion.Performance, FleetLevel.Act, "?", "The deployed model was never measured on this organization's images. Evaluate it.", FleetTarget.Evaluations);

    private static string Annotated(FleetFacts facts)
    {
        string month = Count(facts.AcceptedThisMonth);
        return facts.Agreement is { } f1 ? $"accepted, {month} of them in 30 days by {facts.Annotators} people who agree to {Percent(f1)}." : $"accepted, {month} of them in 30 days by {facts.Annotators} people.";
    }

    private static string Ago(int days) => days switch
    {
        0 => "new since today's training.",
        1 => "new since yesterday's training.",
        _ => $"new since the training {days} days ago.",
    };

    private static string Percent(double share) => share.ToString("P0", CultureInfo.CurrentCulture);

    private static string Count(int count) => count.ToString("N0", CultureInfo.CurrentCulture);
}
