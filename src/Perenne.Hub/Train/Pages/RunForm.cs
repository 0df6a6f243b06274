using System.Globalization;
using System.Text.Json;
using Perenne.Contracts.Models;
using Perenne.Hub.Shared.Pages;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Train.Pages;

internal static class RunForm
{
    public static Result<RunRequest> Read(FormState form)
    {
        Check check = new();
        T? Number<T>(string name)
            where T : struct, ISpanParsable<T>
        {
            if (form[name].Length == 0)
                return null;
            bool isNumber = T.TryParse(form[name], CultureInfo.InvariantCulture, out T value);
            check.That(isNumber, name, "Write a number here, such as 20.");
            return isNumber ? value : null;
        }

        JsonElement? parameters = null;
        if (form["parameters"].Length > 0)
        {
            try
            {
                parameters = JsonDocument.Parse(form["parameters"]).RootElement;
            }
            catch (JsonException error)
            {
                check.That(false, "parameters", $"This is not JSON: {error.Message}");
            }
        }

        RunRequest request = new(form["name"], Number<int>("dataset") ?? 0, Enum.TryParse(form["task"], out ModelTask task) ? task : ModelTask.Detect, Number<double>("minutes"), Number<int>("steps"),
            Number<long>("seed"), form.Id("trainer"), Number<int>("warmStart"), form.Flag("reference"), parameters);
        return check.Error is { } error2 ? error2 : request;
    }
}
