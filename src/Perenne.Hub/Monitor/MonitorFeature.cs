using Perenne.Hub.Monitor.Pages;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Monitor;

/// <summary>Notices when production is no longer what it was, without false alarms that teach people to look away.</summary>
internal static class MonitorFeature
{
    public static void AddMonitor(this IServiceCollection services)
    {
        services.AddScoped<WindowReader>().AddScoped<KeepReferences>().AddScoped<CheckDrift>().AddScoped<RaiseAlerts>().AddScoped<OutdatedAlerts>().AddScoped<TellAlert>().AddScoped<IWorkHandler, MailAlert>();
        services.AddScoped<WatchSilence>().AddScoped<WatchPerformance>().AddScoped<ReadAudits>().AddScoped<LabelMix>().AddScoped<RunDriftRound>().AddScoped<ReadPerformance>().AddScoped<ReadMeasurements>();
        services.AddScoped<ListAlerts>().AddScoped<ChangeAlert>().AddScoped<ListDriftReports>().AddScoped<RecordLineChange>();
        services.AddHostedService<MonitorKeeper>();
        services.AddMonitorPages();
    }

    public static void MapMonitor(this IEndpointRouteBuilder routes)
    {
        RunDriftRound.Map(routes);
        ListDriftReports.Map(routes);
        ReadPerformance.Map(routes);
        ReadMeasurements.Map(routes);
        ListAlerts.Map(routes);
        ChangeAlert.Map(routes);
        RecordLineChange.Map(routes);
    }
}
