namespace Perenne.Station;

/// <summary>Settings of a station: section <c>Station</c> of its configuration file, environment (<c>PERENNE_Station__…</c>) or command line.</summary>
public sealed class StationOptions
{
    public const string Section = "Station";

    /// <summary>Where identity, models and the spool live.</summary>
    public string Folder { get; set; } = "station-data";

    /// <summary>Address of the hub. Null: the station works alone with <see cref="Model"/>.</summary>
    public Uri? Hub { get; set; }

    /// <summary>One-time code for the first start; not used once the station has its identity.</summary>
    public string? Code { get; set; }

    /// <summary>Folder of a model package that judges instead of the hub's, or without a hub.</summary>
    public string? Model { get; set; }

    public List<CameraOptions> Cameras { get; set; } = [];

    public SpoolOptions Spool { get; set; } = new();

    public MqttOptions? Mqtt { get; set; }

    /// <summary>Each verdict is posted here as JSON. Null: nowhere.</summary>
    public Uri? Webhook { get; set; }

    /// <summary>Folder for one CSV file a day. Null: none.</summary>
    public string? Csv { get; set; }

    /// <summary>Execution provider, see SessionSettings.Provider.</summary>
    public string Provider { get; set; } = "cpu";

    /// <summary>Threads of one run of the network. 0: one per processor.</summary>
    public int Threads { get; set; }

    /// <summary>Seconds between two looks at the hub's plan, and between heartbeats.</summary>
    public double HubSeconds { get; set; } = 60;

    /// <summary>Token that programs must send to POST /frames and the serving endpoints. Null: whoever reaches the port may.</summary>
    public string? Token { get; set; }
}

public sealed class CameraOptions
{
    public string Name { get; set; } = "camera";

    /// <summary>folder, push, camera (RTSP, HTTP or a local device through ffmpeg), command (any process that writes JPEG) or replay.</summary>
    public string Kind { get; set; } = "push";

    /// <summary>Slug of the project its frames belong to. Null: the hub's plan decides, or the only project there is.</summary>
    public string? Project { get; set; }

    /// <summary>The watched folder, or the folder to replay.</summary>
    public string? Path { get; set; }

    /// <summary>Command line that writes JPEG frames to its standard output, for example <c>ffmpeg -i rtsp://… -vf fps=2 -f image2pipe -c:v mjpeg -q:v 2 -</c>.</summary>
    public string? Command { get; set; }

    /// <summary>What ffmpeg opens for a camera: <c>rtsp://10.0.0.7/1</c>, <c>http://…</c>, <c>/dev/video0</c>.</summary>
    public string? Url { get; set; }

    /// <summary>Frames that a camera gives each second.</summary>
    public double FramesPerSecond { get; set; } = 2;

    /// <summary>True: of a camera or command only the frame after each trigger is judged (<c>POST /cameras/{name}/trigger</c>, or a message on <see cref="TriggerTopic"/>); false: every frame.</summary>
    public bool Trigger { get; set; }

    /// <summary>MQTT topic whose messages trigger. It may be the same as <see cref="PartTopic"/>.</summary>
    public string? TriggerTopic { get; set; }

    /// <summary>Regular expression on the file name with a group <c>part</c>.</summary>
    public string? PartPattern { get; set; }

    /// <summary>MQTT topic whose last message is the part id.</summary>
    public string? PartTopic { get; set; }

    /// <summary>Aligned defect-free image, for models that compare; or a folder that holds one for each picture, by the same name.</summary>
    public string? Reference { get; set; }

    /// <summary>Milliseconds between frames of a replay, or between looks into the folder.</summary>
    public int EveryMilliseconds { get; set; } = 500;

    /// <summary>True: a replay begins again at its end.</summary>
    public bool Loop { get; set; }

    /// <summary>True: a judged file of the watched folder is deleted; false: moved to <c>done/</c>.</summary>
    public bool DeleteJudged { get; set; }
}

public sealed class SpoolOptions
{
    /// <summary>Observations in one segment.</summary>
    public int SegmentRows { get; set; } = 5000;

    /// <summary>Seconds after which a segment is closed though it is not full.</summary>
    public double SegmentSeconds { get; set; } = 300;

    /// <summary>Folder that gets a copy of each closed segment, for the plant's own tools. Null: none. Nothing is ever deleted there.</summary>
    public string? CopyTo { get; set; }

    /// <summary>Bytes for segments and images together. Above it images go, oldest first.</summary>
    public long MaxBytes { get; set; } = 20L << 30;

    /// <summary>Bytes for segments alone: only above this limit are observations given up, oldest first.</summary>
    public long MaxSegmentBytes { get; set; } = 15L << 30;
}

public sealed class MqttOptions
{
    public string Host { get; set; } = "localhost";
    public int Port { get; set; } = 1883;

    /// <summary>Verdicts go to <c>{Topic}/{camera}</c>.</summary>
    public string Topic { get; set; } = "perenne/verdict";
    public string? User { get; set; }
    public string? Password { get; set; }
}
