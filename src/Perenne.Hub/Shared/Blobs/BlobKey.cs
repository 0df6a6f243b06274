namespace Perenne.Hub.Shared.Blobs;

internal enum BlobKind
{
    /// <summary>The file as it arrived, byte for byte.</summary>
    Original,
    Thumbnail,
    Tiles,

    /// <summary>A part of a large file that is still on its way; its hash names the upload and the bytes it covers.</summary>
    Piece,

    /// <summary>A Parquet file of observations: a segment as its station sent it, or a compacted day.</summary>
    Observations,

    /// <summary>The archive of an export; its own hash names it.</summary>
    Export,

    /// <summary>What a running export has read so far; its hash names the export and the number.</summary>
    ExportPart,

    /// <summary>The Parquet manifest of a dataset version, by the hash of the file.</summary>
    Manifest,

    /// <summary>A file of a model package, by the hash of the file.</summary>
    Model,

    /// <summary>What an evaluation found image by image, by the hash of the file.</summary>
    Evaluation,
}

/// <summary>Addresses bytes by the SHA-256 of the original they belong to, inside one organization: tenants never share a blob.</summary>
/// <param name="OrganizationId">The tenant.</param>
/// <param name="Kind">What is stored about the original.</param>
/// <param name="Hash">Lower-case hexadecimal SHA-256.</param>
internal readonly record struct BlobKey(Guid OrganizationId, BlobKind Kind, string Hash)
{
    /// <summary>Sharded by the hash, so that no folder grows beyond a few thousand entries.</summary>
    public string Path => $"{Folder(OrganizationId, Kind)}{Hash[..2]}/{Hash[2..4]}/{Hash}";

    public static string Folder(Guid organization, BlobKind kind) => $"{organization:n}/{Name(kind)}/";

    private static string Name(BlobKind kind) => kind switch
    {
        BlobKind.Original => "original",
        BlobKind.Thumbnail => "thumbnail",
        BlobKind.Tiles => "tiles",
        BlobKind.Piece => "piece",
        BlobKind.Observations => "observations",
        BlobKind.Export => "export",
        BlobKind.ExportPart => "export-part",
        BlobKind.Manifest => "manifest",
        BlobKind.Model => "model",
        BlobKind.Evaluation => "evaluation",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}

/// <summary>A stored blob as the store lists it.</summary>
internal readonly record struct StoredBlob(string Hash, DateTimeOffset WrittenAt, long Bytes);
