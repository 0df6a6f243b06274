using System.Text.Json;
using Perenne.Contracts;
using Perenne.Contracts.Stations;
using Perenne.Station.Spool;

namespace Perenne.Station.Hub;

/// <summary>What enrolment gave: kept in one file that only the station's user may read.</summary>
internal sealed class StationIdentity(string folder)
{
    private readonly string path = Path.Combine(folder, "identity.json");

    public EnrolAnswer? Read() => File.Exists(path) ? JsonSerializer.Deserialize<EnrolAnswer>(File.ReadAllBytes(path), ContractJson.Options) : null;

    public void Keep(EnrolAnswer answer)
    {
        Directory.CreateDirectory(folder);
        DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(answer, ContractJson.Indented));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Turns a one-time code into the station's identity.</summary>
    /// <returns>Null when done, else a sentence.</returns>
    public async Task<string?> EnrolAsync(HttpClient http, string code, CancellationToken cancel)
    {
        EnrolRequest request = new(code, typeof(StationIdentity).Assembly.GetName().Version?.ToString(3) ?? "", Environment.MachineName);
        using HttpResponseMessage answer = await http.PostAsync("api/v1/stations/enrol", HubClient.Json(request), cancel);
        if (!answer.IsSuccessStatusCode)
            return $"The hub refused the code ({(int)answer.StatusCode}): {await HubClient.SentenceAsync(answer, cancel)}";
        Keep((await HubClient.ReadAsync<EnrolAnswer>(answer, cancel))!);
        return null;
    }
}
