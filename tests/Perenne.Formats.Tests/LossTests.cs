using Perenne.Vision.Geometry;

namespace Perenne.Formats.Tests;

public class LossTests
{
    private static readonly DatasetHeader Header = new("test", [new("scratch"), new("dent")]);

    private static AnnotatedImage Image(string name, params AnnotationRecord[] annotations) =>
        new(name) { Size = new(100, 50), Answer = ImageAnswer.Annotated, Annotations = [.. annotations] };

    [Fact]
    public async Task What_yolo_cannot_hold_is_counted_and_named_with_examples()
    {
        using Sets sets = new();
        await using DatasetWriter writer = DatasetFormats.CreateWriter("yolo", sets.PathOf("out"), Header);
        await writer.WriteAsync(Image("a.jpg",
            new("scratch", new RotatedBoxShape(new(50, 25, 20, 10, 30))) { Score = 0.5, Attributes = [new("depth", "2")] },
            new("dent", new PointShape(new(1, 1))), new("dent", null), new(null, new BoxShape(new(1, 1, 2, 2)))));
        await writer.WriteAsync(new AnnotatedImage("b.jpg") { Answer = ImageAnswer.Skipped, SkippedReason = "blurred" });
        await writer.WriteAsync(new AnnotatedImage("c.jpg"));
        await writer.CompleteAsync();
        Assert.Equal(
            [(DatasetFeature.RotatedBoxes, 1), (DatasetFeature.Points, 1), (DatasetFeature.Tags, 1), (DatasetFeature.Attributes, 1), (DatasetFeature.Scores, 1),
             (DatasetFeature.UnansweredImages, 1), (DatasetFeature.SkippedImages, 1), (DatasetFeature.OpenLabels, 1), (DatasetFeature.ImageSizes, 1), (DatasetFeature.ImagesInNoSplit, 1)],
            writer.Losses.Entries.Select(e => (e.Feature, (int)e.Count)));
        Assert.Equal(["b.jpg: blurred"], writer.Losses.Entries.Single(e => e.Feature == DatasetFeature.SkippedImages).Examples);
        Assert.Equal((1, 1), (writer.ImageCount, writer.AnnotationCount));
        // Bounds of 20 × 10 turned by 30°: 10·cos30 + 5·sin30 = 11.160 and 10·sin30 + 5·cos30 = 9.330 to each side.
        Assert.Equal("0 0.5 0.5 0.22320508 0.37320508\n", await File.ReadAllTextAsync(sets.PathOf("out/labels/train/a.txt")));
    }

    [Fact]
    public async Task A_box_over_the_border_is_cut_for_yolo_and_kept_for_coco()
    {
        using Sets sets = new();
        AnnotatedImage image = Image("a.jpg", new AnnotationRecord("dent", new BoxShape(new(-10, 40, 30, 20))));
        await using DatasetWriter yolo = DatasetFormats.CreateWriter("yolo", sets.PathOf("yolo"), Header);
        await yolo.WriteAsync(image);
        Assert.Equal("1 0.1 0.9 0.2 0.2\n", await File.ReadAllTextAsync(sets.PathOf("yolo/labels/train/a.txt")));
        Assert.Equal(1, yolo.Losses.Count(DatasetFeature.OutsideImage));
        await using DatasetWriter coco = DatasetFormats.CreateWriter("coco", sets.PathOf("a.json"), Header);
        await coco.WriteAsync(image);
        await coco.CompleteAsync();
        Assert.True(coco.Losses.IsEmpty);
        await coco.DisposeAsync();
        Assert.Equal("- a.jpg 100x50 Annotated\n  dent box -10 40 30 20\n", Sets.Describe(await Sets.ReadAsync("coco", sets.PathOf("a.json"))));
    }

    [Fact]
    public async Task A_polygon_with_a_hole_becomes_a_mask_in_coco_so_that_the_hole_stays()
    {
        using Sets sets = new();
        PolygonShape ring = new([[new(0, 0), new(6, 0), new(6, 6), new(0, 6)], [new(2, 2), new(4, 2), new(4, 4), new(2, 4)]]);
        await using DatasetWriter writer = DatasetFormats.CreateWriter("coco", sets.PathOf("a.json"), Header);
        await writer.WriteAsync(Image("a.jpg", new AnnotationRecord("dent", ring)));
        await writer.CompleteAsync();
        await writer.DisposeAsync();
        MaskShape mask = Assert.IsType<MaskShape>((await Sets.ReadAsync("coco", sets.PathOf("a.json")))[0].Annotations[0].Shape);
        Assert.Equal(32, mask.Mask.Area);
    }

    [Fact]
    public async Task Two_images_that_would_share_a_label_file_are_refused()
    {
        using Sets sets = new();
        await using DatasetWriter writer = DatasetFormats.CreateWriter("yolo", sets.PathOf("out"), Header);
        await writer.WriteAsync(Image("a.jpg") with { Answer = ImageAnswer.NoDefect });
        var e = await Assert.ThrowsAsync<DatasetFormatException>(() => writer.WriteAsync(Image("a.png") with { Answer = ImageAnswer.NoDefect }));
        Assert.Equal("labels/train/a.txt: two images share this label file; expected image names that differ in more than their extension", e.Message);
    }

    [Theory]
    [InlineData("../a.jpg")]
    [InlineData("/etc/passwd")]
    [InlineData("c:\\a.jpg")]
    [InlineData("x\\..\\..\\a.jpg")]
    [InlineData("")]
    public async Task A_file_name_that_leads_outside_is_not_written(string name)
    {
        using Sets sets = new();
        await using DatasetWriter writer = DatasetFormats.CreateWriter("yolo", sets.PathOf("out"), Header);
        await Assert.ThrowsAsync<DatasetFormatException>(() => writer.WriteAsync(Image(name)));
    }
}
