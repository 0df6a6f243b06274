using System.Globalization;
using Perenne.Hub.Collect;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Shared.Pages;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Datasets.Pages;

/// <summary>The posted form as a draft; shares are typed in per cent.</summary>
internal static class DatasetForm
{
    public static Result<DatasetDraft> Read(FormState form)
    {
        Check check = new();
        double? Share(string name)
        {
            if (form[name].Length == 0)
                return null;
            bool isNumber = double.TryParse(form[name], NumberStyles.Float, CultureInfo.InvariantCulture, out double value);
            check.That(isNumber, name, "Write a number here, such as 20.");
            return isNumber ? value / 100 : null;
        }

        ImageFilter filter = new()
        {
            Organization = form.All("filter.in") is { Count: > 0 } chosen ? [.. chosen] : null,
            Quality = Enum.TryParse(form["filter.quality"], out ImageQuality quality) ? quality : null,
            Duplicates = bool.TryParse(form["filter.duplicates"], out bool duplicates) ? duplicates : null,
            Text = form.Optional("filter.text"),
            Camera = form.Optional("filter.camera"),
            Batch = form.Optional("filter.batch"),
            From = Day(form["filter.from"]),
            To = Day(form["filter.to"]),
        };
        Guid[] classes = [.. form.All("classes").Select(id => Guid.TryParse(id, out Guid one) ? one : Guid.Empty)];
        DatasetDraft draft = new(form["name"], filter, Enum.TryParse(form["labels"], out LabelSource labels) ? labels : LabelSource.AcceptedOrImported, classes, Share("agreementLeast"), form["notes"],
            Share("test"), Share("validation"), form["first"].Length > 0 ? form.Flag("keepImported") : null);
        return check.Error is { } error ? error : draft;
    }

    private static DateTimeOffset? Day(string text) =>
        DateOnly.TryParse(text, CultureInfo.InvariantCulture, out DateOnly day) ? new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;
}
