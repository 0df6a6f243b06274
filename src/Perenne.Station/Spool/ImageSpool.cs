using System.Globalization;
using System.Text.Json;
using Perenne.Contracts;

namespace Perenne.Station.Spool;

/// <summary>Sampled frames on their way to the hub: a picture and its facts. The facts are written last, so that facts without a picture never occur.</summary>
internal sealed class ImageSpool
{
    private readonly string folder;
    private readonly Lock gate = new();
    private long next;

    public ImageSpool(string folder)
    {
        this.folder = folder;
        Directory.CreateDirectory(folder);
        foreach (string torn in Directory.GetFiles(folder, "*.tmp"))
            File.Delete(torn);
        HashSet<string> named = [.. Directory.GetFiles(folder, "*.json").Select(p => Path.GetFileNameWithoutExtension(p)!)];
        foreach (string orphan in Directory.GetFiles(folder, "*.image").Where(p => !named.Contains(Path.GetFileNameWithoutExtension(p)!)))
            File.Delete(orphan);
        next = named.Select(n => long.Parse(n, CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max() + 1;
    }

    /// <summary>Throws <see cref="IOException"/> when the disk is full: nothing is kept then.</summary>
    public void Add(SampledImage facts, ReadOnlySpan<byte> image)
    {
        lock (gate)
        {
            string path = Path.Combine(folder, next.ToString("D12", CultureInfo.InvariantCulture));
            DurableFile.Write(path + ".image", image);
            try
            {
                DurableFile.Write(path + ".json", JsonSerializer.SerializeToUtf8Bytes(facts, ContractJson.Options));
            }
            catch (IOException)
            {
                File.Delete(path + ".image");
                throw;
            }
            next++;
        }
    }

    /// <summary>Oldest first.</summary>
    public IEnumerable<WaitingImage> Waiting()
    {
        foreach (string meta in Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            string image = Path.ChangeExtension(meta, ".image");
            if (File.Exists(image) && JsonSerializer.Deserialize<SampledImage>(File.ReadAllBytes(meta), ContractJson.Options) is { } facts)
                yield return new WaitingImage(meta, image, facts, new FileInfo(image).Length);
        }
    }

    public int Count => Directory.GetFiles(folder, "*.json").Length;

    /// <summary>Delivered, or given up. The facts go first: see the class.</summary>
    public static void Remove(WaitingImage image)
    {
        File.Delete(image.MetaPath);
        File.Delete(image.ImagePath);
    }
}
