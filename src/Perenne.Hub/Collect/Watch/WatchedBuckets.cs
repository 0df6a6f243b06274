using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Blobs;

namespace Perenne.Hub.Collect.Watch;

/// <summary>Where in a bucket a source watches.</summary>
internal sealed record BucketPlace(WatchBucketOptions Options, string Prefix);

/// <summary>The objects below a prefix of a configured bucket. An object appears when its upload is complete, so it need not rest.</summary>
internal sealed class WatchedBuckets : IDisposable
{
    private readonly ConcurrentDictionary<string, AmazonS3Client> clients = new(StringComparer.Ordinal);

    public async IAsyncEnumerable<FoundFile> ListAsync(BucketPlace place, [EnumeratorCancellation] CancellationToken cancel)
    {
        AmazonS3Client client = clients.GetOrAdd(place.Options.Name, _ => Connect(place.Options));
        ListObjectsV2Request request = new() { BucketName = place.Options.Bucket, Prefix = place.Prefix };
        ListObjectsV2Response page;
        do
        {
            page = await client.ListObjectsV2Async(request, cancel);
            foreach (S3Object found in page.S3Objects ?? [])
                if (!found.Key.EndsWith('/') && found.Size > 0)
                    yield return new Found(client, place, found);
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    // "bucket/key" with its slashes: some stores do not decode %2F in it.
    private static AmazonS3Client Connect(WatchBucketOptions options)
    {
        AmazonS3Client client = S3Blobs.Connect(options);
        client.BeforeRequestEvent += (_, sending) =>
        {
            if (sending is WebServiceRequestEventArgs { Headers: { } headers } && headers.TryGetValue("x-amz-copy-source", out string? from))
                headers["x-amz-copy-source"] = from.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        };
        return client;
    }

    public void Dispose()
    {
        foreach (AmazonS3Client client in clients.Values)
            client.Dispose();
    }

    private sealed class Found(AmazonS3Client client, BucketPlace place, S3Object seen) : FoundFile(seen.Key[place.Prefix.Length..], $"{seen.Size}-{seen.ETag.Trim('"')}")
    {
        public override bool IsWhole => true;

        public override async Task<Stream?> OpenAsync(CancellationToken cancel)
        {
            try
            {
                GetObjectResponse answer = await client.GetObjectAsync(new GetObjectRequest { BucketName = place.Options.Bucket, Key = seen.Key, EtagToMatch = seen.ETag }, cancel);
                return new OwningStream(answer);
            }
            catch (AmazonS3Exception error) when (error.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed)
            {
                return null;
            }
        }

        public override bool IsStill(StagedFile staged) => staged.Bytes == seen.Size;

        public override async Task MoveAsync(string to, CancellationToken cancel)
        {
            await client.CopyObjectAsync(new CopyObjectRequest
            {
                SourceBucket = place.Options.Bucket, SourceKey = seen.Key, DestinationBucket = place.Options.Bucket, DestinationKey = $"{place.Prefix}{to}/{Path}",
            }, cancel);
            await client.DeleteObjectAsync(place.Options.Bucket, seen.Key, cancel);
        }
    }
}
