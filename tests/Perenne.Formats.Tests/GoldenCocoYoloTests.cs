using Perenne.TestSupport;

namespace Perenne.Formats.Tests;

/// <summary>The sample sets as tools wrote them, checked by hand once against the files.</summary>
public class GoldenCocoYoloTests
{
    [Fact]
    public async Task Coco_instances_read_boxes_polygons_and_run_lengths_of_both_splits()
    {
        string path = SharedData.Require("golden/formats/coco-instances");
        await using DatasetReader reader = await DatasetFormats.OpenAsync("coco", path);
        Assert.Equal([("a", 1L), ("b", 2L), ("c", 4L)], reader.Header.Classes.Select(c => (c.Name, c.SourceId!.Value)));
        Assert.Equal(2, reader.Header.ImageCount);
        List<AnnotatedImage> images = await reader.ReadAsync().ToListAsync();
        Assert.Equal("""
            train a.jpg 10x5 Annotated
              b box 2 2 3 1
            val b.jpg 5x10 Annotated
              a polygon 0,0 1,0 1,2 0,2 x=1 y=hello
              b mask 5x10 [0 20 30] crowd

            """, Sets.Describe(images));
        Assert.All(images, image => Assert.True(File.Exists(image.ImagePath)));
    }

    [Fact]
    public async Task Roboflow_coco_reads_the_split_from_its_folder() => Assert.Equal("""
        train train_001.jpg 10x5 Annotated
          label_0 box 2 1 3 1
        train train_002.jpg 10x5 Annotated
          label_1 box 0 0 2 4
        val val_001.jpg 10x5 Annotated
          label_0 box 0 0 1 2
          label_1 box 0 0 9 1 crowd

        """, Sets.Describe(await Sets.ReadAsync("coco", SharedData.Require("golden/formats/roboflow-coco"))));

    [Fact]
    public async Task Roboflow_yolo_reads_folders_its_yaml_names_wrongly() => Assert.Equal("""
        train train_001.jpg 10x5 Annotated
          label_0 box 2 1 3 1
        train train_002.jpg 10x5 Annotated
          label_1 box 0 0 2 4
        val val_001.jpg 10x5 Annotated
          label_0 box 0 0 1 2
          label_1 box 0 0 9 1

        """, Sets.Describe(await Sets.ReadAsync("yolo", SharedData.Require("golden/formats/roboflow-yolo"))));

    [Fact]
    public async Task Roboflow_obb_reads_corners_in_pixels_whichever_way_round_they_go() => Assert.Equal("""
        train train_001.jpg 10x5 Annotated
          label_0 rotated 1 1 2 2 at 0
        train train_002.jpg 10x5 Annotated
          label_1 rotated 3 3 4 4 at 0
        val val_001.jpg 10x5 Annotated
          label_0 rotated 0.5 0.5 1 1 at 0
          label_1 rotated 5.5 3.5 9 3 at 0

        """, Sets.Describe(await Sets.ReadAsync("yolo-obb", SharedData.Require("golden/formats/roboflow-yolo_obb"))));

    [Theory]
    [InlineData("strict", "train")]
    [InlineData("annotations", "-")]
    public async Task Darknet_sets_read_through_their_lists_and_folders(string folder, string split) => Assert.Equal($"""
        {split} 1.jpg 15x10 Annotated
          label_2 box 0 2 4 2
          label_4 box 3 3 2 3

        """, Sets.Describe(await Sets.ReadAsync("yolo", SharedData.Require("golden/formats/yolo/" + folder))));

    [Fact]
    public async Task A_yolo_set_without_lists_reads_its_splits_from_the_image_folders()
    {
        await using DatasetReader reader = await DatasetFormats.OpenAsync("yolo", SharedData.Require("golden/formats/yolo/labels"));
        Assert.Equal(10, reader.Header.Classes.Length);
        List<AnnotatedImage> images = await reader.ReadAsync().ToListAsync();
        Assert.Equal(["train", "val"], images.Select(i => i.Split));
        Assert.All(images, i => Assert.Equal(["label_2 box 0 2 4 2", "label_4 box 3 3 2 3"], i.Annotations.Select(Sets.Describe)));
    }

    [Theory]
    [InlineData("golden/formats/coco-instances", "coco")]
    [InlineData("golden/formats/roboflow-coco", "coco")]
    [InlineData("golden/formats/roboflow-coco/train/_annotations.coco.json", "coco")]
    [InlineData("golden/formats/roboflow-yolo", "yolo")]
    [InlineData("golden/formats/roboflow-yolo/data.yaml", "yolo")]
    [InlineData("golden/formats/roboflow-yolo_obb", "yolo-obb")]
    [InlineData("golden/formats/yolo/strict", "yolo")]
    [InlineData("golden/formats/yolo/labels", "yolo")]
    [InlineData("golden/formats/yolo/annotations", "yolo")]
    [InlineData("data/deeppcb", "deeppcb")]
    public void The_format_is_detected(string path, string format) => Assert.Equal(format, DatasetFormats.Detect(SharedData.Require(path))?.Format);

    [Fact]
    public async Task DeepPcb_reads_every_listed_image_with_its_boxes_and_size()
    {
        List<AnnotatedImage> images = await Sets.ReadAsync("deeppcb", SharedData.Require("data/deeppcb"));
        Assert.Equal(1000, images.Count(i => i.Split == "train"));
        Assert.Equal(196, images.Count(i => i.Split == "test"));
        Assert.All(images, i => Assert.Equal(new(640, 640), i.Size));
        Assert.Equal(8110, images.Sum(i => i.Annotations.Length));
        Assert.Equal("group00041/00041000.jpg", images[0].FileName);
        Assert.Equal(["mousebite box 466 441 27 29", "short box 454 300 39 96", "spur box 331 248 33 35"],
            images[0].Annotations.Take(3).Select(Sets.Describe));
    }

    [Fact]
    public async Task DeepPcb_reads_its_reference_images_as_images_without_defect_when_asked()
    {
        List<AnnotatedImage> images = await Sets.ReadAsync("deeppcb", SharedData.Require("data/deeppcb"), new() { IncludeReferenceImages = true });
        List<AnnotatedImage> references = [.. images.Where(i => i.FileName.StartsWith("reference/", StringComparison.Ordinal))];
        Assert.NotEmpty(references);
        Assert.All(references, i => Assert.Equal((ImageAnswer.NoDefect, null), (i.Answer, i.Split)));
    }
}
