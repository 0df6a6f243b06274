using Perenne.Vision.Geometry;

namespace Perenne.Formats.Tests;

public class CancellationTests
{
    private const int Images = 40;

    public static TheoryData<string> Formats => [.. DatasetFormats.All.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Reading_stops_at_the_image_at_which_it_was_cancelled(string format)
    {
        using Sets sets = new();
        await WriteAsync(format, sets.PathOf("set"));
        using CancellationTokenSource cancel = new();
        await using DatasetReader reader = await DatasetFormats.OpenAsync(format, sets.PathOf("set"), new() { DefaultImageSize = new(64, 64) });
        int seen = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (AnnotatedImage _ in reader.ReadAsync(cancel.Token))
                if (++seen == 3)
                    await cancel.CancelAsync();
        });
        Assert.Equal(3, seen);
        // The reader itself is unharmed.
        Assert.Equal(Images, await reader.ReadAsync().CountAsync());
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_cancelled_conversion_leaves_nothing_and_keeps_what_was_there(string format)
    {
        using Sets sets = new();
        await WriteAsync("coco", sets.PathOf("source"));
        sets.Write("out/kept.txt", "before");
        using CancellationTokenSource cancel = new();
        DatasetReader reader = await DatasetFormats.OpenAsync("coco", sets.PathOf("source"));
        await using (reader)
        {
            Task<ConversionResult> converting = DatasetConverter.ConvertAsync(reader, format, sets.PathOf("out"), overwrite: true, cancellationToken: new CancellationToken(canceled: true));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => converting);
        }
        Assert.Equal(["out", "source"], Directory.GetFileSystemEntries(sets.Folder).Select(Path.GetFileName).Order());
        Assert.Equal("before", await File.ReadAllTextAsync(sets.PathOf("out/kept.txt")));
    }

    [Fact]
    public async Task Opening_is_cancelled_where_it_reads_the_whole_set()
    {
        using Sets sets = new();
        foreach (string format in (string[])["coco", "voc", "label-studio", "labelbox"])
        {
            await WriteAsync(format, sets.PathOf(format));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DatasetFormats.OpenAsync(format, sets.PathOf(format), null, new CancellationToken(canceled: true)));
        }
    }

    [Fact]
    public async Task Progress_ends_at_the_number_of_images()
    {
        using Sets sets = new();
        await WriteAsync("coco", sets.PathOf("set"));
        Reports reports = new();
        await using DatasetReader reader = await DatasetFormats.OpenAsync("coco", sets.PathOf("set"), new() { Progress = reports });
        await reader.ReadAsync().CountAsync();
        Assert.Contains(reports.All, r => r.Stage == "index");
        Assert.Equal(new DatasetProgress("read", Images, Images), reports.All[^1]);
    }

    private static async Task WriteAsync(string format, string target)
    {
        await using DatasetWriter writer = DatasetFormats.CreateWriter(format, target, new("test", [new("open")]));
        for (int i = 0; i < Images; i++)
            await writer.WriteAsync(new($"{i:00}.png") { Size = new(64, 64), Split = "train", Answer = ImageAnswer.Annotated, Annotations = [new("open", new BoxShape(new(1, 2, 3, 4)))] });
        await writer.CompleteAsync();
    }

    private sealed class Reports : IProgress<DatasetProgress>
    {
        public List<DatasetProgress> All { get; } = [];

        public void Report(DatasetProgress value) => All.Add(value);
    }
}
