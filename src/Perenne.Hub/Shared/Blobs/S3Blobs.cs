using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Perenne.Hub.Shared.Blobs;

/// <summary>Blobs in any S3-compatible store. An object appears when its upload is complete, so nothing is ever half-stored.</summary>
internal sealed class S3Blobs(BlobOptions options) : IBlobStore, IDisposable
{
    /// <summary>Files above it go in parts; 10,000 parts of it are more than any image.</summary>
    private const long PartBytes = 16 << 20;

    private readonly AmazonS3Client client = Connect(options);

    private readonly string bucket = options.Bucket ?? throw new InvalidOperationException("Hub:Blobs:Bucket is missing: with the provider S3, name the bucket.");

    public async Task PutAsync(BlobKey key, string file, CancellationToken cancel)
    {
        try
        {
            long length = new FileInfo(file).Length;
            if (length <= PartBytes)
                await PutWholeAsync(NameOf(key), file, cancel);
            else
                await PutInPartsAsync(NameOf(key), file, length, cancel);
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

    public async Task<byte[]?> ReadAsync(BlobKey key, long offset, int length, CancellationToken cancel)
    {
        try
        {
            using GetObjectResponse answer = await client.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = NameOf(key), ByteRange = new(offset, offset + length - 1) }, cancel);
            byte[] bytes = new byte[length];
            await answer.ResponseStream.ReadExactlyAsync(bytes, cancel);
            return bytes;
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            throw new EndOfStreamException($"The object '{NameOf(key)}' ends before byte {offset + length}.", error);
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

    public async Task<bool> DeleteIfOlderAsync(BlobKey key, DateTimeOffset limit, CancellationToken cancel)
    {
        try
        {
            GetObjectMetadataResponse found = await client.GetObjectMetadataAsync(bucket, NameOf(key), cancel);
            if (found.LastModified?.ToUniversalTime() >= limit.UtcDateTime)
                return false;
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }

        await DeleteAsync(key, cancel);
        return true;
    }

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

    // Without chunk signatures (aws-chunked): a file's hash can be computed beforehand, and not every store undoes them.
    private Task<PutObjectResponse> PutWholeAsync(string name, string file, CancellationToken cancel) => client.PutObjectAsync(
        new() { BucketName = bucket, Key = name, FilePath = file, UseChunkEncoding = false, ContentType = "application/octet-stream", ServerSideEncryptionMethod = Encryption }, cancel);

    /// <summary>A broken connection repeats a part and not the file.</summary>
    private async Task PutInPartsAsync(string name, string file, long length, CancellationToken cancel)
    {
        string upload = (await client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = bucket, Key = name, ContentType = "application/octet-stream", ServerSideEncryptionMethod = Encryption }, cancel)).UploadId;
        try
        {
            List<PartETag> parts = [];
            for (long at = 0; at < length; at += PartBytes)
            {
                UploadPartResponse part = await client.UploadPartAsync(new()
                {
                    BucketName = bucket, Key = name, UploadId = upload, PartNumber = parts.Count + 1, FilePath = file, FilePosition = at,
                    PartSize = Math.Min(PartBytes, length - at), UseChunkEncoding = false,
                }, cancel);
                parts.Add(new(part));
            }

            await client.CompleteMultipartUploadAsync(new() { BucketName = bucket, Key = name, UploadId = upload, PartETags = parts }, cancel);
        }
        catch
        {
            await client.AbortMultipartUploadAsync(bucket, name, upload, CancellationToken.None);
            throw;
        }
    }

    private ServerSideEncryptionMethod? Encryption => string.IsNullOrEmpty(options.ServerSideEncryption) ? null : ServerSideEncryptionMethod.FindValue(options.ServerSideEncryption);

    internal static AmazonS3Client Connect(S3Options options)
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
