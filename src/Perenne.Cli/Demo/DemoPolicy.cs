using System.Globalization;

namespace Perenne.Cli.Demo;

/// <summary>The loop's policy of the demo: everything by itself, with minutes where a plant has days.</summary>
internal static class DemoPolicy
{
    public static string Yaml(DemoSize size) => string.Create(CultureInfo.InvariantCulture, $"""
        # Written by 'perenne demo': everything happens by itself, with minutes where a plant has days.
        version: 1
        enabled: true
        collect:
          top_up_below: 0         # the demo's campaigns have a fixed size
        evaluate:
          cron: "0/15 * * * * ?"  # every 15 seconds, if there is something new to measure on
          newest_accepted: 300
          least_accepted: 20
        monitor:
          false_alarms: 1
          days: 7                 # at the demo's speed a camera fills windows every minute
          reference: {2 * size.Window}
          window: {size.Window}
          beginning: 100
        audit:
          on_drift: true
          images: {size.Audit}
          overlap: 0.2
        retrain:
          performance_below: 0.6
          least_new_accepted: {size.Audit * 8 / 10}
          new_accepted: {2 * size.Audit * 8 / 10}       # or when both audits are all but done
          pause_hours: 0
          steps: {size.SecondSteps}      # not minutes: the same model however busy this machine is
          warm_start: true
        gate:
          margin: 0.0
        rollout:
          automatic: true
          shadow_hours: 0.002
          canary_share: 0.5
          canary_hours: 0.002
          least_frames: {size.LeastFrames}
        """);
}
