using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Perenne.Contracts;
using Perenne.Station.Judge;

namespace Perenne.Station.Outputs;

/// <summary>Verdicts to webhook and CSV. Messages, not records: the record is the observation. What a receiver misses for a minute is reported, not kept for ever.</summary>
internal sealed class OutputService(StationOptions options, StationStatus status, IHttpClientFactory clients, ILogger<OutputService> logger, TimeProvider time) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Endless.RunAsync("Webhook and CSV", WriteAsync, status, time, logger, stoppingToken);

    private async Task WriteAsync(CancellationToken stoppingToken)
    {
        if (options.Webhook is null && options.Csv is null)
            return;
        ChannelReader<Judged> verdicts = status.Listen(1000, stoppingToken);
        await foreach (Judged judged in verdicts.ReadAllAsync(stoppingToken))
        {
            VerdictMessage message = VerdictMessage.Of(judged);
            if (options.Csv is { } folder)
                Write(folder, message);
            if (options.Webhook is { } address)
                await PostAsync(address, message, stoppingToken);
        }
    }

    private async Task PostAsync(Uri address, VerdictMessage message, CancellationToken cancel)
    {
        using HttpClient http = clients.CreateClient("webhook");
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                using StringContent body = new(JsonSerializer.Serialize(message, ContractJson.Options), System.Text.Encoding.UTF8, "application/json");
                using HttpResponseMessage answer = await http.PostAsync(address, body, cancel);
                if (answer.IsSuccessStatusCode)
                    return;
                throw new HttpRequestException($"it answers {(int)answer.StatusCode}");
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
            {
                if (attempt == 3)
                {
                    status.Trouble($"The webhook {address} was not reached for verdict {message.Sequence}: {e.Message}");
                    return;
                }
                await Task.Delay(TimeSpan.FromSeconds(attempt), time, cancel);
            }
        }
    }

    private void Write(string folder, VerdictMessage m)
    {
        try
        {
            Directory.CreateDirectory(folder);
            string path = Path.Combine(folder, $"verdicts-{m.JudgedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.csv");
            string line = string.Join(',', m.Sequence.ToString(CultureInfo.InvariantCulture), m.JudgedAt.ToString("O", CultureInfo.InvariantCulture), Csv(m.Camera), Csv(m.Part), m.Verdict.ToString(), Csv(m.Reason), Csv(m.Model), m.Boxes.Count.ToString(CultureInfo.InvariantCulture), Csv(string.Join(' ', m.Boxes.Select(b => b.Class).Distinct())));
            if (!File.Exists(path))
                File.WriteAllText(path, "sequence,judged_at,camera,part,verdict,reason,model,defects,classes\n");
            File.AppendAllText(path, line + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            status.Trouble($"The CSV folder {folder} cannot be written: {e.Message}");
        }
    }

    // A value that a spreadsheet would run as a formula is quoted with a leading apostrophe.
    private static string Csv(string? value) => value is null ? "" : $"\"{(value.Length > 0 && "=+-@\t".Contains(value[0]) ? "'" : "")}{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
