using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;

namespace Perenne.Hub.Shared.Blobs;

/// <summary>Blobs in any S3-compatible store. An object appears when its upload is complete, so nothing is ever half-stored.</summary>
internal sealed class S3Blobs(BlobOptions options) : IBlobStore, IDisposable
{
    private const long PartBytes = 16 << 20;

    private readonly AmazonS3Client client = Connect(options);

    private readonly string bucket = options.Bucket ?? throw new InvalidOperationException("Hub:Blobs:Bucket is missing: with the provider S3, name the bucket.");

    public async Task PutAsync(BlobKey key, string file, CancellationToken cancel)
    {
        // Above 16 MB in parts, so that a broken connection repeats a part and not the file.
        using TransferUtility transfer = new(client, new TransferUtilityConfig { MinSizeBeforePartUpload = PartBytes, ConcurrentServiceRequests = 2 });
        TransferUtilityUploadRequest request = new() { BucketName = bucket, Key = NameOf(key), FilePath = file, PartSize = PartBytes, ContentType = "application/octet-stream" };
        if (!string.IsNullOrEmpty(options.ServerSideEncryption))
            request.ServerSideEncryptionMethod = ServerSideEncryptionMethod.FindValue(options.ServerSideEncryption);
        try
        {
            await transfer.UploadAsync(request, cancel);
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.InsufficientStorage || error.ErrorCode is "QuotaExceeded" or "XMinioStorageFull")
        {
            throw new StorageFullException($"The object store's bucket '{bucket}' is full: raise its quota or free some space, then send the file again.", error);
        }
    }

    public async Task<Stream?> OpenAsync(BlobKey key, CancellationToken cancel)
    {
        try
        {
            GetObjectResponse answer = await client.GetObjectAsync(bucket, NameOf(key), cancel);
            return new OwningStream(answer);
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public async Task<bool> ExistsAsync(BlobKey key, CancellationToken cancel)
    {
        try
        {
            await client.GetObjectMetadataAsync(bucket, NameOf(key), cancel);
            return true;
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    public Task DeleteAsync(BlobKey key, CancellationToken cancel) => client.DeleteObjectAsync(bucket, NameOf(key), cancel);

    public async IAsyncEnumerable<StoredBlob> ListAsync(Guid organization, BlobKind kind, [EnumeratorCancellation] CancellationToken cancel)
    {
        ListObjectsV2Request request = new() { BucketName = bucket, Prefix = options.Prefix + BlobKey.Folder(organization, kind) };
        ListObjectsV2Response page;
        do
        {
            page = await client.ListObjectsV2Async(request, cancel);
            foreach (S3Object found in page.S3Objects ?? [])
                yield return new(found.Key[(found.Key.LastIndexOf('/') + 1)..], found.LastModified?.ToUniversalTime() ?? DateTimeOffset.UnixEpoch, found.Size ?? 0);
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    public void Dispose() => client.Dispose();

    internal static AmazonS3Client Connect(BlobOptions options)
    {
        AmazonS3Config config = new()
        {
            ForcePathStyle = options.PathStyle,
            AuthenticationRegion = options.Region,
            // Stores other than Amazon's refuse the newer checksum trailers.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (!string.IsNullOrEmpty(options.Endpoint))
            config.ServiceURL = options.Endpoint;
        else
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(options.Region);
        return string.IsNullOrEmpty(options.AccessKey)
            ? new AmazonS3Client(config)
            : new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config);
    }

    private string NameOf(BlobKey key) => options.Prefix + key.Path;
}
