using Perenne.Cli.Commands;

namespace Perenne.Formats.Tests.Cli;

/// <summary>Each option of <c>perenne convert</c> changes what is written, and what cannot be carried out is refused before anything is.</summary>
public sealed class ConvertCommandTests : IDisposable
{
    private const string Coco = """
        {"images":[{"id":1,"file_name":"a.png","width":100,"height":50},{"id":2,"file_name":"b.png","width":100,"height":50}],
         "categories":[{"id":3,"name":"dent"},{"id":9,"name":"scratch"}],
         "annotations":[{"id":1,"image_id":1,"category_id":3,"bbox":[10,20,30,10]},{"id":2,"image_id":1,"category_id":9,"bbox":[0,0,20,10]}]}
        """;

    private readonly Sets sets = new();

    public ConvertCommandTests() => sets.Write("in.json", Coco);

    [Fact]
    public async Task Map_renames_classes_and_may_join_them()
    {
        Assert.Equal(0, await RunAsync("--to", "yolo", "--map", "dent=damage", "--map", "scratch=damage", sets.PathOf("in.json"), sets.PathOf("out")));
        Assert.Equal("0 0.25 0.5 0.3 0.2\n0 0.1 0.1 0.2 0.2\n", await File.ReadAllTextAsync(sets.PathOf("out/labels/train/a.txt")));
        Assert.Contains("0: damage", await File.ReadAllTextAsync(sets.PathOf("out/data.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Voc_base_decides_the_first_pixel()
    {
        foreach ((string voc, string xmin) in ((string, string)[])[("1", "<xmin>11</xmin>"), ("0", "<xmin>10</xmin>")])
        {
            Assert.Equal(0, await RunAsync("--to", "voc", "--voc-base", voc, sets.PathOf("in.json"), sets.PathOf("voc" + voc)));
            Assert.Contains(xmin, await File.ReadAllTextAsync(sets.PathOf($"voc{voc}/Annotations/a.xml")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Empty_decides_what_an_image_without_annotations_means()
    {
        Assert.Equal(0, await RunAsync("--to", "label-studio", "--empty", "not-annotated", sets.PathOf("in.json"), sets.PathOf("ls.json")));
        Assert.Equal([ImageAnswer.Annotated, ImageAnswer.NotAnnotated], (await Sets.ReadAsync("label-studio", sets.PathOf("ls.json"))).Select(i => i.Answer));
        Assert.Equal(0, await RunAsync("--to", "label-studio", sets.PathOf("in.json"), sets.PathOf("ls2.json")));
        Assert.Equal([ImageAnswer.Annotated, ImageAnswer.NoDefect], (await Sets.ReadAsync("label-studio", sets.PathOf("ls2.json"))).Select(i => i.Answer));
    }

    [Fact]
    public async Task Copy_images_takes_them_along()
    {
        sets.Write("photos/a.png", "not really a picture");
        Assert.Equal(0, await RunAsync("--to", "yolo", "--copy-images", "--image-root", sets.PathOf("photos"), sets.PathOf("in.json"), sets.PathOf("out")));
        Assert.Equal("not really a picture", await File.ReadAllTextAsync(sets.PathOf("out/images/train/a.png")));
        Assert.False(File.Exists(sets.PathOf("out/images/train/b.png")));
    }

    [Fact]
    public async Task Image_size_stands_in_where_nothing_tells()
    {
        string plain = sets.Write("plain.json", Coco.Replace(",\"width\":100,\"height\":50", "", StringComparison.Ordinal));
        Assert.Equal(0, await RunAsync("--to", "yolo", plain, sets.PathOf("without")));
        Assert.False(File.Exists(sets.PathOf("without/labels/train/a.txt")));
        Assert.Equal(0, await RunAsync("--to", "yolo", "--image-size", "100x50", plain, sets.PathOf("with")));
        Assert.StartsWith("0 0.25 0.5 0.3 0.2\n", await File.ReadAllTextAsync(sets.PathOf("with/labels/train/a.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labelbox_form_and_from_choose_the_form()
    {
        Assert.Equal(0, await RunAsync("--from", "coco", "--to", "labelbox", "--labelbox-form", "import", sets.PathOf("in.json"), sets.PathOf("a.ndjson")));
        Assert.Contains("\"bbox\"", await File.ReadAllTextAsync(sets.PathOf("a.ndjson")), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync("--to", "labelbox", sets.PathOf("in.json"), sets.PathOf("b.ndjson")));
        Assert.Contains("\"bounding_box\"", await File.ReadAllTextAsync(sets.PathOf("b.ndjson")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_record_stops_it_unless_lenient_and_nothing_is_left()
    {
        string damaged = sets.Write("damaged.json", Coco.Replace("[10,20,30,10]", "[10,20,30]", StringComparison.Ordinal));
        Assert.Equal(1, await RunAsync("--to", "yolo", damaged, sets.PathOf("out")));
        Assert.False(Directory.Exists(sets.PathOf("out")));
        Assert.Equal(0, await RunAsync("--to", "yolo", "--lenient", damaged, sets.PathOf("out")));
        Assert.Equal("1 0.1 0.1 0.2 0.2\n", await File.ReadAllTextAsync(sets.PathOf("out/labels/train/a.txt")));
    }

    [Fact]
    public async Task An_existing_target_is_kept_unless_overwrite_and_the_source_is_never_replaced()
    {
        sets.Write("out/kept.txt", "");
        Assert.Equal(1, await RunAsync("--to", "yolo", sets.PathOf("in.json"), sets.PathOf("out")));
        Assert.True(File.Exists(sets.PathOf("out/kept.txt")));
        Assert.Equal(0, await RunAsync("--to", "yolo", "--overwrite", sets.PathOf("in.json"), sets.PathOf("out")));
        Assert.False(File.Exists(sets.PathOf("out/kept.txt")));
        Assert.Equal(1, await RunAsync("--to", "yolo", "--overwrite", sets.PathOf("in.json"), sets.Folder));
        Assert.Equal(1, await RunAsync("--to", "coco", "--overwrite", sets.PathOf("in.json"), sets.PathOf("in.json")));
        Assert.Equal(Coco, await File.ReadAllTextAsync(sets.PathOf("in.json")));
    }

    [Theory]
    [InlineData("--to", "yolov9")]
    [InlineData("--from", "cocoa")]
    [InlineData("--labelbox-form", "v1")]
    [InlineData("--empty", "good")]
    [InlineData("--voc-base", "2")]
    [InlineData("--image-size", "640*480")]
    [InlineData("--map", "dent")]
    [InlineData("--map", "rust=damage")]
    public async Task An_option_with_a_value_that_means_nothing_is_refused(string option, string value)
    {
        string[] to = option == "--to" ? [] : ["--to", "yolo"];
        Assert.Equal(1, await RunAsync([.. to, option, value, sets.PathOf("in.json"), sets.PathOf("out")]));
        Assert.False(Directory.Exists(sets.PathOf("out")));
    }

    public void Dispose() => sets.Dispose();

    private static Task<int> RunAsync(params string[] args) => ConvertCommand.Create().Parse(args).InvokeAsync();
}
