using Perenne.Vision.Geometry;

namespace Perenne.Formats.Tests;

/// <summary>Where tools disagree or other converters go wrong.</summary>
public class TrapTests
{
    [Fact]
    public async Task Label_studio_turns_a_box_about_its_corner_in_pixels_not_in_percent()
    {
        using Sets sets = new();
        string path = sets.Write("tasks.json", """
            [{"id":1,"data":{"image":"a.jpg"},"annotations":[{"result":[{"id":"r","type":"rectanglelabels","original_width":1000,"original_height":500,
              "value":{"x":30,"y":20,"width":30,"height":20,"rotation":90,"rectanglelabels":["dent"]}}]}]}]
            """);
        RotatedBoxShape shape = Assert.IsType<RotatedBoxShape>((await Sets.ReadAsync("label-studio", path))[0].Annotations[0].Shape);
        Box bounds = ShapeMath.Bounds(shape)!.Value;
        Assert.Equal((200, 100, 100, 300), (Math.Round(bounds.X, 9), Math.Round(bounds.Y, 9), Math.Round(bounds.Width, 9), Math.Round(bounds.Height, 9)));
    }

    [Fact]
    public async Task Cvat_turns_a_box_about_its_centre_and_may_leave_the_image()
    {
        using Sets sets = new();
        string path = sets.Write("a.xml", Cvat("""<box label="dent" xtl="0" ytl="40" xbr="60" ybr="60" rotation="90"/>"""));
        RotatedBoxShape shape = Assert.IsType<RotatedBoxShape>((await Sets.ReadAsync("cvat", path))[0].Annotations[0].Shape);
        Box bounds = ShapeMath.Bounds(shape)!.Value;
        Assert.Equal((20, 20, 20, 60), (Math.Round(bounds.X, 9), Math.Round(bounds.Y, 9), Math.Round(bounds.Width, 9), Math.Round(bounds.Height, 9)));
    }

    [Fact]
    public async Task Cvat_mask_runs_go_row_by_row_inside_their_own_box()
    {
        using Sets sets = new();
        // A 3 × 2 box at (1, 2): rows 011 and 110.
        string path = sets.Write("a.xml", Cvat("""<mask label="dent" rle="1,4,1" left="1" top="2" width="3" height="2"/>""", 5, 5));
        MaskShape shape = Assert.IsType<MaskShape>((await Sets.ReadAsync("cvat", path))[0].Annotations[0].Shape);
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0], MaskBitmap.Decode(shape.Mask));
    }

    [Fact]
    public async Task A_cancelled_label_studio_task_is_skipped_and_an_empty_one_has_no_defect()
    {
        using Sets sets = new();
        string path = sets.Write("tasks.json", """
            [{"id":1,"data":{"image":"a.jpg"},"annotations":[{"was_cancelled":true,"result":[]}]},
             {"id":2,"data":{"image":"b.jpg"},"annotations":[{"was_cancelled":false,"result":[]}]},
             {"id":3,"data":{"image":"c.jpg"},"annotations":[]}]
            """);
        Assert.Equal([ImageAnswer.Skipped, ImageAnswer.NoDefect, ImageAnswer.NotAnnotated], (await Sets.ReadAsync("label-studio", path)).Select(i => i.Answer));
    }

    [Fact]
    public async Task Labelbox_version_2_reads_the_map_of_projects_and_version_1_its_list()
    {
        using Sets sets = new();
        string v2 = sets.Write("v2.ndjson", """
            {"data_row":{"id":"x","external_id":"a.jpg"},"media_attributes":{"width":20,"height":10},"projects":{"p1":{"labels":[{"label_details":{"created_by":"ann@plant"},"annotations":{"objects":[{"name":"dent","bounding_box":{"top":1,"left":2,"height":3,"width":4}}],"classifications":[{"name":"side","radio_answer":{"name":"left"}}]}}]}}}
            {"data_row":{"id":"y","external_id":"b.jpg"},"projects":{"p1":{"labels":[{"performance_details":{"skipped":true},"annotations":{}}]}}}
            """);
        string v1 = sets.Write("v1.json", """[{"ID":"l","DataRow ID":"x","External ID":"a.jpg","Label":{"objects":[{"title":"dent","bbox":{"top":1,"left":2,"height":3,"width":4}}],"classifications":[]}}]""");
        Assert.Equal("- a.jpg 20x10 Annotated\n  dent box 2 1 4 3\n  left whole image\n- b.jpg ? Skipped\n", Sets.Describe(await Sets.ReadAsync("labelbox", v2)));
        Assert.Equal("- a.jpg ? Annotated\n  dent box 2 1 4 3\n", Sets.Describe(await Sets.ReadAsync("labelbox", v1)));
    }

    [Fact]
    public async Task Coco_arrays_may_come_in_any_order_and_annotations_in_any_mix()
    {
        using Sets sets = new();
        string path = sets.Write("a.json", """
            {"annotations":[{"id":1,"image_id":2,"category_id":7,"bbox":[1,1,2,2]},{"id":2,"image_id":1,"category_id":3,"bbox":[0,0,1,1]},{"id":3,"image_id":2,"category_id":3,"bbox":[5,5,1,1]}],
             "images":[{"id":1,"file_name":"a.jpg","width":9,"height":9},{"id":2,"file_name":"b.jpg","width":9,"height":9},{"id":3,"file_name":"c.jpg"}],
             "categories":[{"id":7,"name":"dent"},{"id":3,"name":"scratch"}]}
            """);
        Assert.Equal("""
            - a.jpg 9x9 Annotated
              scratch box 0 0 1 1
            - b.jpg 9x9 Annotated
              dent box 1 1 2 2
              scratch box 5 5 1 1
            - c.jpg ? NoDefect

            """, Sets.Describe(await Sets.ReadAsync("coco", path)));
    }

    [Fact]
    public async Task Coco_records_longer_than_the_read_buffer_are_read_whole()
    {
        using Sets sets = new();
        string ring = string.Join(",", Enumerable.Range(0, 60_000).Select(i => $"{i % 997}.5,{i % 991}"));
        string path = sets.Write("a.json", $$"""{"images":[{"id":1,"file_name":"a.jpg"}],"categories":[{"id":1,"name":"x"}],"annotations":[{"image_id":1,"category_id":1,"segmentation":[[{{ring}}]]}]}""");
        PolygonShape polygon = Assert.IsType<PolygonShape>((await Sets.ReadAsync("coco", path))[0].Annotations[0].Shape);
        Assert.Equal(60_000, polygon.Rings[0].Length);
    }

    [Fact]
    public async Task An_empty_or_missing_yolo_label_file_means_no_object()
    {
        using Sets sets = new();
        sets.Write("data.yaml", "names: {0: dent}\ntrain: train.txt\n");
        sets.Write("train.txt", "images/a.jpg\nimages/b.jpg\n");
        sets.Write("labels/a.txt", "");
        Assert.Equal([ImageAnswer.NoDefect, ImageAnswer.NoDefect], (await Sets.ReadAsync("yolo", sets.Folder)).Select(i => i.Answer));
    }

    internal static string Cvat(string shapes, int width = 100, int height = 100) => $"""
        <annotations><meta><task><labels><label><name>dent</name></label></labels></task></meta>
        <image id="0" name="a.jpg" width="{width}" height="{height}">
        {shapes}
        </image></annotations>
        """;
}
