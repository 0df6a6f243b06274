using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Collect.Watch;

/// <summary>Which folders and buckets may be watched for whom. Asked when a source is made and at every look: settings, names and links change.</summary>
internal sealed class WatchRules(HubDbContext db, IOptions<HubOptions> options)
{
    /// <summary>The folder with its links left unresolved; it lies below "root/slug-of-the-organization" of an allowed root, and no link leads elsewhere.</summary>
    public async Task<Result<string>> AllowedFolderAsync(Guid organization, string? path, CancellationToken cancel)
    {
        string[] roots = [.. options.Value.Images.WatchRoots.Select(root => Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)))];
        if (roots.Length == 0)
            return HubError.Invalid("path", "This hub watches no folders: whoever runs it names allowed roots in Hub:Images:WatchRoots.");
        if (string.IsNullOrWhiteSpace(path) || path.Length > 400 || path.Contains('\0', StringComparison.Ordinal) || !Path.IsPathFullyQualified(path))
            return HubError.Invalid("path", "'path' is the full path of a folder as the hub's machine sees it, at most 400 characters.");
        string slug = await db.Set<Organization>().Where(o => o.Id == organization).Select(o => o.Slug).SingleAsync(cancel);
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string? own = roots.Select(root => Path.Combine(root, slug)).FirstOrDefault(own => full == own || full.StartsWith(own + Path.DirectorySeparatorChar, StringComparison.Ordinal));
        if (own is null)
            return HubError.Invalid("path", $"'{path}' may not be watched for this organization. Choose a folder at or below {string.Join(" or ", roots.Select(root => Path.Combine(root, slug)))}.");
        for (DirectoryInfo? part = new(full); part is not null && part.FullName.Length >= own.Length; part = part.Parent)
        {
            if (part.LinkTarget is not null)
                return HubError.Invalid("path", $"'{part.FullName}' is a link. Name the folder itself; it must lie below the allowed roots too.");
        }

        return Directory.Exists(full) ? full : HubError.Invalid("path", $"There is no folder '{full}' on the hub's machine. Make it first.");
    }

    /// <summary>The path is "name/prefix": a bucket of the settings by its name, then a prefix at or below "slug-of-the-organization/".</summary>
    public async Task<Result<BucketPlace>> AllowedBucketAsync(Guid organization, string? path, CancellationToken cancel)
    {
        WatchBucketOptions[] known = options.Value.Images.WatchBuckets;
        if (known.Length == 0)
            return HubError.Invalid("path", "This hub watches no buckets: whoever runs it names them in Hub:Images:WatchBuckets.");
        string slug = await db.Set<Organization>().Where(o => o.Id == organization).Select(o => o.Slug).SingleAsync(cancel);
        string given = (path ?? "").Trim().TrimStart('/');
        WatchBucketOptions? bucket = known.FirstOrDefault(b => given.StartsWith(b.Name + "/", StringComparison.Ordinal));
        string own = slug + "/", prefix = bucket is null ? "" : given[(bucket.Name.Length + 1)..].TrimEnd('/') + "/";
        if (bucket is null || given.Length > 400 || !prefix.StartsWith(own, StringComparison.Ordinal) || prefix.Split('/').Contains(".."))
            return HubError.Invalid("path", $"'{path}' may not be watched for this organization. Name a bucket and a prefix at or below {string.Join(" or ", known.Select(b => $"{b.Name}/{own}"))}.");
        return new BucketPlace(bucket, bucket.Prefix + prefix);
    }
}
