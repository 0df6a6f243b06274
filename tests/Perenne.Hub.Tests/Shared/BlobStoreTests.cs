using System.Security.Cryptography;
using Amazon.S3;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Blobs;
using Perenne.TestSupport;

namespace Perenne.Hub.Tests.Shared;

/// <summary>The promises of a blob store, kept by both.</summary>
public abstract class BlobStoreTests : IDisposable
{
    private readonly string staging = Directory.CreateTempSubdirectory("perenne-staging-").FullName;
    private readonly Guid organization = new(RandomNumberGenerator.GetBytes(16));

    private protected abstract IBlobStore Store { get; }

    public virtual void Dispose()
    {
        Directory.Delete(staging, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_was_put_is_read_back_byte_for_byte()
    {
        byte[] content = RandomNumberGenerator.GetBytes(300_000);
        BlobKey key = await Put(content);
        Assert.Equal(content, await Read(key));
        Assert.True(await Store.ExistsAsync(key, default));
    }

    [Fact]
    public async Task A_file_above_the_part_size_arrives_whole()
    {
        byte[] content = new byte[35 << 20];
        RandomNumberGenerator.Fill(content.AsSpan(^1_000_000..));
        Assert.Equal(content, await Read(await Put(content)));
    }

    [Fact]
    public async Task A_range_is_exactly_the_bytes_asked_for()
    {
        byte[] content = RandomNumberGenerator.GetBytes(100_000);
        BlobKey key = await Put(content);
        Assert.Equal(content[70_000..70_500], await Store.ReadAsync(key, 70_000, 500, default));
        Assert.Equal(content[^10..], await Store.ReadAsync(key, content.Length - 10, 10, default));
        Assert.Null(await Store.ReadAsync(key with { OrganizationId = new(RandomNumberGenerator.GetBytes(16)) }, 0, 10, default));
        await Assert.ThrowsAsync<EndOfStreamException>(() => Store.ReadAsync(key, content.Length - 10, 11, default));
        await Assert.ThrowsAsync<EndOfStreamException>(() => Store.ReadAsync(key, content.Length, 1, default));
    }

    [Fact]
    public async Task Putting_the_same_content_twice_changes_nothing()
    {
        byte[] content = [1, 2, 3];
        BlobKey key = await Put(content);
        Assert.Equal(key, await Put(content));
        Assert.Equal(content, await Read(key));
        Assert.Single(await List());
    }

    [Fact]
    public async Task A_blob_of_one_organization_is_not_there_for_another()
    {
        BlobKey key = await Put([4, 5, 6]);
        BlobKey elsewhere = key with { OrganizationId = new(RandomNumberGenerator.GetBytes(16)) };
        Assert.False(await Store.ExistsAsync(elsewhere, default));
        Assert.Null(await Store.OpenAsync(elsewhere, default));
    }

    [Fact]
    public async Task The_list_names_each_blob_with_its_size()
    {
        BlobKey first = await Put(new byte[10]), second = await Put(new byte[20]);
        Assert.Equal([(first.Hash, 10L), (second.Hash, 20L)], (await List()).Select(b => (b.Hash, b.Bytes)).OrderBy(b => b.Bytes));
    }

    [Fact]
    public async Task A_deleted_blob_is_gone_and_deleting_again_is_no_error()
    {
        BlobKey key = await Put([7]);
        await Store.DeleteAsync(key, default);
        await Store.DeleteAsync(key, default);
        Assert.False(await Store.ExistsAsync(key, default));
        Assert.Null(await Store.OpenAsync(key, default));
    }

    private protected async Task<BlobKey> Put(byte[] content)
    {
        string file = Path.Combine(staging, Path.GetRandomFileName());
        await File.WriteAllBytesAsync(file, content);
        BlobKey key = new(organization, BlobKind.Original, Convert.ToHexStringLower(SHA256.HashData(content)));
        await Store.PutAsync(key, file, default);
        return key;
    }

    private async Task<byte[]> Read(BlobKey key)
    {
        await using Stream stream = (await Store.OpenAsync(key, default))!;
        using MemoryStream memory = new();
        await stream.CopyToAsync(memory);
        return memory.ToArray();
    }

    private async Task<List<StoredBlob>> List() => await Store.ListAsync(organization, BlobKind.Original, default).ToListAsync();
}

public sealed class BlobsInAFolder : BlobStoreTests
{
    private readonly string root = Directory.CreateTempSubdirectory("perenne-blobs-").FullName;

    private protected override IBlobStore Store => new FolderBlobs(root, TimeProvider.System);

    public override void Dispose()
    {
        base.Dispose();
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task An_unfinished_copy_is_neither_listed_nor_found()
    {
        BlobKey key = await Put([1, 2, 3]);
        string path = Path.Combine(root, key.Path);
        File.Move(path, path + ".4711.part");
        Assert.False(await Store.ExistsAsync(key, default));
        Assert.Empty(await Store.ListAsync(key.OrganizationId, BlobKind.Original, default).ToListAsync());
    }
}

public sealed class BlobsInS3 : BlobStoreTests
{
    private readonly S3Blobs store = new(new BlobOptions
    {
        Provider = BlobProvider.S3, Endpoint = S3Server.Require(), Bucket = S3Server.Bucket, Prefix = "hub-a/", AccessKey = S3Server.AccessKey, SecretKey = S3Server.SecretKey,
    });

    private protected override IBlobStore Store => store;

    public override void Dispose()
    {
        base.Dispose();
        store.Dispose();
    }

    [Fact]
    public async Task Everything_lies_below_the_prefix()
    {
        BlobKey key = await Put([1, 2, 3]);
        using AmazonS3Client client = S3Blobs.Connect(new BlobOptions { Endpoint = S3Server.Require(), AccessKey = S3Server.AccessKey, SecretKey = S3Server.SecretKey });
        Assert.Equal(3, (await client.GetObjectMetadataAsync(S3Server.Bucket, "hub-a/" + key.Path)).ContentLength);
    }
}
