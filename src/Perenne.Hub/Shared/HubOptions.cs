namespace Perenne.Hub.Shared;

/// <summary>Settings of a hub. Section "Hub" of appsettings, or environment variables PERENNE_HUB__…; see docs/configuration.md.</summary>
internal sealed class HubOptions
{
    public const string Section = "Hub";

    /// <summary>Where the embedded default keeps its database and blobs.</summary>
    public string DataFolder { get; set; } = DefaultDataFolder();

    /// <summary>The address people type; used in links sent by e-mail.</summary>
    public string? PublicUrl { get; set; }

    public DatabaseOptions Database { get; set; } = new();

    public BlobOptions Blobs { get; set; } = new();

    public SmtpOptions Smtp { get; set; } = new();

    public OpenIdOptions OpenId { get; set; } = new();

    public DataProtectionOptions DataProtection { get; set; } = new();

    /// <summary>Attempts at passwords and one-time codes, per address.</summary>
    public int SignInAttemptsPerMinute { get; set; } = 20;

    public ImageLimits Images { get; set; } = new();

    public ObservationOptions Observations { get; set; } = new();

    public ExportOptions Exports { get; set; } = new();

    public WebhookOptions Webhooks { get; set; } = new();

    public TrainOptions Train { get; set; } = new();

    /// <summary>Seconds between two looks of the loop at every project.</summary>
    public int LoopTickSeconds { get; set; } = 60;

    /// <summary>Seconds between two looks of the drift monitor at what the stations sent.</summary>
    public int MonitorSeconds { get; set; } = 3600;

    /// <summary>Seconds after which the long work of a hub that died is taken over by another: trainings, evaluations, dataset versions. At least 5.</summary>
    public int WorkLeaseSeconds { get; set; } = 45;

    /// <summary>The long work that this process takes, by kind: training, evaluation, dataset, separated by commas; "none". Null: all of it.</summary>
    public string? LongWork { get; set; }

    public TimeSpan WorkLease => TimeSpan.FromSeconds(Math.Max(5, WorkLeaseSeconds));

    public string SqliteFile => Path.Combine(DataFolder, "perenne.db");

    public string SqliteConnectionString => $"Data Source={SqliteFile};Default Timeout=30";

    private static string DefaultDataFolder() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "perenne");
}

internal sealed class ObservationOptions
{
    /// <summary>Days after which observations are deleted; null keeps them for ever.</summary>
    public int? KeepDays { get; set; }
}

internal enum DatabaseProvider
{
    Sqlite,
    Postgres,
}

internal sealed class DatabaseOptions
{
    public DatabaseProvider Provider { get; set; }

    /// <summary>Npgsql connection string; not used with SQLite. The login must not be a superuser, or row-level security does not apply to it.</summary>
    public string? ConnectionString { get; set; }
}

internal enum BlobProvider
{
    Folder,
    S3,
}

/// <summary>A bucket of an S3-compatible store and how to reach it.</summary>
internal abstract class S3Options
{
    public string? Endpoint { get; set; }

    public string Region { get; set; } = "us-east-1";

    public string? Bucket { get; set; }

    public string Prefix { get; set; } = "";

    public bool PathStyle { get; set; } = true;

    public string? AccessKey { get; set; }

    public string? SecretKey { get; set; }
}

internal sealed class BlobOptions : S3Options
{
    public BlobProvider Provider { get; set; }

    /// <summary>Default: "blobs" below the data folder.</summary>
    public string? Folder { get; set; }

    /// <summary>"AES256" or "aws:kms" where the store supports it.</summary>
    public string? ServerSideEncryption { get; set; }
}

/// <summary>A bucket whose objects may be watched as they appear; below its prefix each organization has the prefix named like its slug.</summary>
internal sealed class WatchBucketOptions : S3Options
{
    /// <summary>What watched sources call it.</summary>
    public string Name { get; set; } = "";
}

internal sealed class SmtpOptions
{
    public string? Host { get; set; }

    public int Port { get; set; } = 587;

    public string? User { get; set; }

    public string? Password { get; set; }

    public string From { get; set; } = "perenne@localhost";

    public bool IsConfigured => !string.IsNullOrEmpty(Host);
}

internal sealed class OpenIdOptions
{
    public string? Authority { get; set; }

    public string? ClientId { get; set; }

    public string? ClientSecret { get; set; }

    /// <summary>The words on the sign-in button.</summary>
    public string DisplayName { get; set; } = "Single sign-on";

    public bool IsConfigured => !string.IsNullOrEmpty(Authority) && !string.IsNullOrEmpty(ClientId);
}

internal sealed class DataProtectionOptions
{
    /// <summary>PKCS #12 file (.pfx) with a private key. With it, the keys of cookies and form tokens are encrypted in the database.</summary>
    public string? CertificateFile { get; set; }

    public string? CertificatePassword { get; set; }

    /// <summary>Earlier certificates with the same password, so that keys they encrypted can still be read.</summary>
    public string[] EarlierCertificateFiles { get; set; } = [];
}

internal sealed class ImageLimits
{
    public long MaxFileBytes { get; set; } = 2L << 30;

    public int MaxSide { get; set; } = 30_000;

    public int MaxZipEntries { get; set; } = 100_000;

    /// <summary>Folders of this machine below which folders may be watched; in each, an organization has the folder named like its slug. None: nothing is watched.</summary>
    public string[] WatchRoots { get; set; } = [];

    /// <summary>Buckets below whose prefixes objects may be watched. None: no bucket is watched.</summary>
    public WatchBucketOptions[] WatchBuckets { get; set; } = [];
}

internal sealed class ExportOptions
{
    /// <summary>Archives of exports are removed after so many days.</summary>
    public double KeepDays { get; set; } = 7;
}

internal sealed class WebhookOptions
{
    /// <summary>Private networks webhooks may call, e.g. 10.20.0.0/16. None: only public addresses.</summary>
    public string[] AllowedNetworks { get; set; } = [];
}

internal sealed class TrainOptions
{
    /// <summary>Command of the built-in trainer; the job folder follows. Default: the one installed beside the hub.</summary>
    public string? Command { get; set; }

    /// <summary>Where runs lay out their images and checkpoints. Default: "jobs" below the data folder; on the disk of the blobs, images are links and cost no space.</summary>
    public string? JobsFolder { get; set; }
}
