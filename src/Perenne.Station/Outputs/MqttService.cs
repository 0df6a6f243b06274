using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Protocol;
using Perenne.Contracts;
using Perenne.Station.Judge;
using Perenne.Station.Sources;

namespace Perenne.Station.Outputs;

/// <summary>Verdicts out and part ids in over MQTT; reconnects by itself.</summary>
internal sealed class MqttService(StationOptions options, StationStatus status, PartIds parts, Triggers triggers, ILogger<MqttService> logger, TimeProvider time) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Endless.RunAsync("MQTT", TalkAsync, status, time, logger, stoppingToken);

    private async Task TalkAsync(CancellationToken stoppingToken)
    {
        if (options.Mqtt is not { } mqtt)
            return;
        ChannelReader<Judged> verdicts = status.Listen(1000, stoppingToken);
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        client.ApplicationMessageReceivedAsync += Received;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ConnectAsync(client, mqtt, stoppingToken);
                while (client.IsConnected && await verdicts.WaitToReadAsync(stoppingToken))
                    while (client.IsConnected && verdicts.TryPeek(out Judged? judged))
                    {
                        await client.PublishStringAsync($"{mqtt.Topic}/{judged.Observation.Camera}", JsonSerializer.Serialize(VerdictMessage.Of(judged), ContractJson.Options), MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: stoppingToken);
                        verdicts.TryRead(out _);
                    }
            }
            catch (Exception e) when (e is MQTTnet.Exceptions.MqttCommunicationException or InvalidOperationException or TimeoutException)
            {
                status.Trouble($"MQTT {mqtt.Host}:{mqtt.Port}: {e.Message}");
            }
            await Task.Delay(TimeSpan.FromSeconds(2), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ConnectAsync(IMqttClient client, MqttOptions mqtt, CancellationToken cancel)
    {
        MqttClientOptionsBuilder builder = new MqttClientOptionsBuilder().WithTcpServer(mqtt.Host, mqtt.Port);
        if (mqtt.User is { } user)
            builder = builder.WithCredentials(user, mqtt.Password ?? "");
        await client.ConnectAsync(builder.Build(), cancel);
        foreach (string topic in options.Cameras.SelectMany(c => new[] { c.PartTopic, c.TriggerTopic }).OfType<string>().Distinct())
            await client.SubscribeAsync(topic, MqttQualityOfServiceLevel.AtLeastOnce, cancel);
    }

    private Task Received(MqttApplicationMessageReceivedEventArgs e)
    {
        foreach (CameraOptions camera in options.Cameras.Where(c => c.PartTopic == e.ApplicationMessage.Topic))
            parts.Set(camera.Name, Encoding.UTF8.GetString(e.ApplicationMessage.Payload).Trim());
        foreach (CameraOptions camera in options.Cameras.Where(c => c.TriggerTopic == e.ApplicationMessage.Topic))
            triggers.Set(camera.Name);
        return Task.CompletedTask;
    }
}
