using Perenne.TestSupport;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Tests;

/// <summary>Sample sets of VOC, CVAT, Label Studio and Labelbox, checked by hand once against the files.</summary>
public class GoldenToolTests
{
    [Fact]
    public async Task Voc_counts_pixels_from_one_and_includes_the_last()
    {
        await using DatasetReader reader = await DatasetFormats.OpenAsync("voc", SharedData.Require("golden/formats/voc"));
        Assert.Equal(["cat", "person"], reader.Header.Classes.Select(c => c.Name));
        Assert.Equal("""
            train 2007_000001.jpg 20x10 Annotated
              cat box 0 1 3 3 truncated
              person box 3 4 3 3 other=true jumping=false phoning=true playinginstrument=false reading=true ridingbike=false ridinghorse=true running=false takingphoto=true usingcomputer=false walking=true
            test 2007_000002.jpg 20x10 NoDefect

            """, Sets.Describe(await reader.ReadAsync().ToListAsync()));
        Assert.Equal(["2007_000001.jpg: part head"], reader.Losses.Entries.Single().Examples);
    }

    [Fact]
    public async Task Roboflow_voc_reads_the_same_boxes_as_its_coco_twin_with_base_zero() => Assert.Equal("""
        train train_001.jpg 10x5 Annotated
          label_0 box 2 1 3 1
        train train_002.jpg 10x5 Annotated
          label_1 box 0 0 2 4
        val val_001.jpg 10x5 Annotated
          label_0 box 0 0 1 2
          label_1 box 0 0 9 1

        """, Sets.Describe(await Sets.ReadAsync("voc", SharedData.Require("golden/formats/roboflow-voc"), new() { VocBase = 0 })));

    [Fact]
    public async Task Cvat_task_reads_shapes_attributes_and_open_labels()
    {
        List<AnnotatedImage> images = await Sets.ReadAsync("cvat", SharedData.Require("golden/formats/cvat-for-images/export_task"));
        Assert.Equal("""
            - img0.jpg 8x8 Annotated
              label1 box 0 2 4 2 occluded a1=true a2=v3 a3=0003 a4=2.4
              - line 1,2 3,4 5,6 7,8
            - img1.jpg 10x10 Annotated
              - polygon 1,2 3,4 6,5
              label2 point 1,2
              label2 point 3,4
              label2 point 5,6

            """, Sets.Describe(images));
        Assert.Single(images[1].Annotations.Where(a => a.Shape is PointShape).Select(a => a.GroupId).Distinct());
        Assert.All(images, i => Assert.True(File.Exists(i.ImagePath)));
    }

    [Fact]
    public async Task Cvat_project_reads_subsets_and_the_label_schema()
    {
        await using DatasetReader reader = await DatasetFormats.OpenAsync("cvat", SharedData.Require("golden/formats/cvat-for-images/export_project"));
        Assert.Equal(["label1", "label2"], reader.Header.Classes.Select(c => c.Name));
        Assert.Equal(["checkbox", "radio", "text", "number"], reader.Header.Classes[0].Attributes.Select(a => a.InputType));
        Assert.Equal(["v1", "v2", "v3"], reader.Header.Classes[0].Attributes[1].Values);
        List<AnnotatedImage> images = await reader.ReadAsync().ToListAsync();
        Assert.Equal(["Test", "Test", "Train", "Train", "Validation", "Validation"], images.Select(i => i.Split));
        Assert.All(images, i => Assert.EndsWith(Path.Combine(i.Split!, i.FileName), i.ImagePath, StringComparison.Ordinal));
        Assert.Equal(3 * 6, images.Sum(i => i.Annotations.Length));
    }

    [Fact]
    public async Task Label_studio_reads_percent_as_pixels_with_author_and_time()
    {
        List<AnnotatedImage> images = await Sets.ReadAsync("label-studio", SharedData.Require("golden/formats/label-studio/test_export_coco.json"));
        // 31.9419 % of 500 = 159.710; 4.11348 % of 320 = 13.163; 6.35209 % of 500 = 31.76; 9.92908 % of 320 = 31.773.
        Assert.Equal("""
            - test_image1.jpg 500x320 Annotated
              rectangle_label box 159.71 13.163 31.76 31.773
              polygon_label polygon 208.711,11.348 207.804,39.035 226.86,39.943
              keypoint_label1 point 112.976,101.674
              keypoint_label2 point 88.929,91.234

            """, Sets.Describe(images));
        Assert.Equal(new DateTimeOffset(2025, 5, 2, 8, 49, 24, TimeSpan.Zero).AddTicks(9230360), images[0].Annotations[0].CreatedAt);
    }

    [Fact]
    public async Task Label_studio_keeps_two_people_on_one_image_apart_by_author()
    {
        await using DatasetReader reader = await DatasetFormats.OpenAsync("label-studio", SharedData.Require("golden/formats/label-studio/test_export_yolo.json"));
        List<AnnotatedImage> images = await reader.ReadAsync().ToListAsync();
        Assert.Equal(["image1", "image2"], images.Select(i => i.FileName));
        Assert.Equal(["2", "2", "1", "1"], images[0].Annotations.Select(a => a.Author));
        // 37.15847 % and 70.67395 % of 2800 pixels; 4.18944 % and 4.73588 %.
        Assert.Equal("parasites box 1040.437 1978.871 117.304 132.605", Sets.Describe(images[0].Annotations[0]));
        Assert.Equal(2, images[1].Annotations.Length);
        Assert.Equal(1, reader.Losses.Count(DatasetFeature.SeveralAnnotators));
    }

    [Fact]
    public async Task Labelbox_import_rows_of_one_data_row_read_as_one_image()
    {
        await using DatasetReader reader = await DatasetFormats.OpenAsync("labelbox", SharedData.Require("golden/formats/labelbox/image_import.json"));
        List<AnnotatedImage> images = await reader.ReadAsync().ToListAsync();
        Assert.Equal("""
            - ckrazctum0z8a0ybc0b0o0g0v ? Annotated
              ckrazcueb16og0z6609jj7y3y box 2275 1352 139 350 score 0.851
              ckrazcuec16oi0z66dzrd8pfl polygon 10,20 15,20 20,25 score 0.986
              ckrazcuec16om0z66bhhh4tp7 point 2122,1457

            """, Sets.Describe(images));
        Assert.Equal(1, reader.Losses.Count(DatasetFeature.OtherKinds)); // the mask behind an address
    }

    [Fact]
    public async Task Labelbox_rectangle_import_reads_its_box() => Assert.Equal("""
        - ckrb1sf1i1g7i0ybcdc6oc8ct ? Annotated
          bbox box 38 28 43 41

        """, Sets.Describe(await Sets.ReadAsync("labelbox", SharedData.Require("golden/formats/labelbox/rectangle_import.json"))));

    [Theory]
    [InlineData("voc", "voc")]
    [InlineData("roboflow-voc", "voc")]
    [InlineData("cvat-for-images/export_project", "cvat")]
    [InlineData("cvat-for-images/export_task/train.xml", "cvat")]
    [InlineData("label-studio", "label-studio")]
    [InlineData("labelbox", "labelbox")]
    public void The_format_is_detected(string path, string format) => Assert.Equal(format, DatasetFormats.Detect(SharedData.Require("golden/formats/" + path))?.Format);
}
