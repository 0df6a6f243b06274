namespace Perenne.Hub.Serve;

/// <summary>Settings of serving: section "Serve".</summary>
internal sealed class ServeOptions
{
    public const string Section = "Serve";

    /// <summary>Execution provider, see docs/serving.md.</summary>
    public string Provider { get; set; } = "cpu";

    /// <summary>Runs at the same time, and threads of each. On a CPU several runs of one thread give the most images a second.</summary>
    public int Workers { get; set; } = Math.Max(1, Environment.ProcessorCount / 2);
    public int Threads { get; set; } = 1;

    /// <summary>Images that may wait for one model before callers are told to come back.</summary>
    public int QueueLength { get; set; } = 128;

    /// <summary>Models in memory at once.</summary>
    public int Models { get; set; } = 4;
}
