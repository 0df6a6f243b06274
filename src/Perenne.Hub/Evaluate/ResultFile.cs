using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Perenne.Hub.Evaluate;

/// <summary>Results of an evaluation, one image a line, compressed. Read from the front: an evaluation of a hundred thousand images is some 20 MB.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static async Task WriteAsync(string file, IEnumerable<ImageResult> results, CancellationToken cancel)
    {
        await using FileStream stream = new(file, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        await using GZipStream packed = new(stream, CompressionLevel.Fastest);
        foreach (ImageResult result in results)
        {
            await JsonSerializer.SerializeAsync(packed, result, Json, cancel);
            packed.WriteByte((byte)'\n');
        }
    }

    public static async IAsyncEnumerable<ImageResult> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancel)
    {
        using StreamReader lines = new(new GZipStream(stream, CompressionMode.Decompress), Encoding.UTF8);
        while (await lines.ReadLineAsync(cancel) is { } line)
            yield return JsonSerializer.Deserialize<ImageResult>(line, Json)!;
    }
}
