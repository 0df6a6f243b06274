using System.Globalization;
using Perenne.Hub.Collect;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Shared.Pages;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Annotate.Pages;

/// <summary>The posted campaign form as a draft. A figure that is none is named at its field, before the handler's own rules.</summary>
internal static class CampaignForm
{
    public static Result<CampaignDraft> Read(FormState form, CampaignRules basis)
    {
        Check check = new();
        int Whole(string name, int otherwise) =>
            form[name].Length == 0 ? otherwise : int.TryParse(form[name], NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) ? value : Bad(check, name);
        double Share(string name, double otherwise) =>
            form[name].Length == 0 ? otherwise : double.TryParse(form[name], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value / 100 : Bad(check, name);

        Result<IReadOnlyList<ImageValueRule>> values = ImageValueRule.Read(form["values"]);
        if (!values.Succeeded)
            return values.Error;
        CampaignRules rules = basis with
        {
            OverlapShare = Share("rules.overlapShare", 0),
            OverlapCount = Whole("rules.overlapCount", basis.OverlapCount),
            ReviewShare = Share("rules.reviewShare", 0),
            GoldShare = Share("rules.goldShare", 0),
            GoldLeast = Share("rules.goldLeast", 0),
            ReviewFirst = Whole("rules.reviewFirst", 0),
            AgreementLeast = Share("rules.agreementLeast", basis.AgreementLeast),
            Order = Enum.TryParse(form["rules.order"], out QueueOrder order) ? order : basis.Order,
            Proposals = Enum.TryParse(form["rules.proposals"], out ProposalRule proposals) ? proposals : basis.Proposals,
            QuotaPerDay = form["rules.quotaPerDay"].Length == 0 ? null : Whole("rules.quotaPerDay", 0),
            LeaseMinutes = Whole("rules.leaseMinutes", basis.LeaseMinutes),
            TopUpBelow = Whole("rules.topUpBelow", 0),
            SamePartSamePerson = form.Flag("samePart"),
            Kinds = values.Value.Count == 0 ? form.All("kinds") : [.. form.All("kinds"), "value"],
            Values = values.Value,
            Classes = Classes(form),
        };
        DateOnly? due = form["dueOn"].Length == 0 ? null : DateOnly.TryParse(form["dueOn"], CultureInfo.InvariantCulture, out DateOnly day) ? day : null;
        Guid[] people = [.. form.All("people").Select(p => Guid.TryParse(p, out Guid id) ? id : Guid.Empty)];
        Guid[] teams = [.. form.All("teams").Select(t => Guid.TryParse(t, out Guid id) ? id : Guid.Empty)];
        CampaignDraft draft = new(form["name"], Whole("target", 0), due, form["guidelines"], rules, Filter(form), people, teams);
        return check.Error is { } error ? error : draft;
    }

    // All of them means those that come later too.
    private static Guid[]? Classes(FormState form)
    {
        Guid[] chosen = [.. form.All("classes").Select(c => Guid.TryParse(c, out Guid id) ? id : Guid.Empty).Where(id => id != Guid.Empty)];
        return chosen.Length == 0 || chosen.Length.ToString(CultureInfo.InvariantCulture) == form["classes.offered"] ? null : chosen;
    }

    private static int Bad(Check check, string name)
    {
        check.That(false, name, "Write a number here, such as 20.");
        return 0;
    }

    private static ImageFilter Filter(FormState form) => new()
    {
        Quality = Enum.TryParse(form["filter.quality"], out ImageQuality quality) ? quality : null,
        Annotated = bool.TryParse(form["filter.annotated"], out bool annotated) ? annotated : null,
        Duplicates = bool.TryParse(form["filter.duplicates"], out bool duplicates) ? duplicates : null,
        Text = form.Optional("filter.text"),
        Camera = form.Optional("filter.camera"),
        Batch = form.Optional("filter.batch"),
        From = Day(form["filter.from"]),
        To = Day(form["filter.to"]),
    };

    private static DateTimeOffset? Day(string text) =>
        DateOnly.TryParse(text, CultureInfo.InvariantCulture, out DateOnly day) ? new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;
}
