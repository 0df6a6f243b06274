namespace Perenne.Formats.Tests;

/// <summary>Each malformed input is refused with the sentence a person needs to mend it.</summary>
public class MalformedTests
{
    [Theory]
    [InlineData("""{"images":[{"id":1,"file_name":"a.jpg"}],"categories":[{"id":1,"name":"x"}],"annotations":[{"image_id":1,"category_id":1,"bbox":[1,2,3]}]}""", "a.json, $.annotations[0].bbox: 3 numbers; expected [x, y, width, height]")]
    [InlineData("""{"images":[{"id":1,"file_name":"a.jpg"}],"categories":[{"id":1,"name":"x"}],"annotations":[{"image_id":1,"category_id":1,"bbox":[1,2,-3,4]}]}""", "a.json, $.annotations[0].bbox: a width of -3 and a height of 4; expected a width and height from 0")]
    [InlineData("""{"images":[{"id":1,"file_name":"a.jpg"}],"categories":[{"id":1,"name":"x"}],"annotations":[{"image_id":1,"category_id":9,"bbox":[1,2,3,4]}]}""", "a.json, $.annotations[0].category_id: 9; expected the id of a category of this file")]
    [InlineData("""{"images":[{"id":1,"file_name":"a.jpg"}],"categories":[],"annotations":[{"image_id":5,"category_id":1,"bbox":[1,2,3,4]}]}""", "a.json, $.annotations[0].image_id: the id of no image in this file; expected an id from the images array")]
    [InlineData("""{"images":[{"id":1,"file_name":"a.jpg"},{"id":1,"file_name":"b.jpg"}]}""", "a.json, $.images[1].id: an id that an earlier image has; expected unique image ids")]
    [InlineData("""{"images":[{"id":1,"file_name":"../../a.jpg"}]}""", "a.json, $.images[0].file_name: the file name \"../../a.jpg\" leads outside the data set or is empty; expected a relative path without \"..\"")]
    [InlineData("""{"images":[{"id":1,"file_name":"a.jpg","width":4,"height":4}],"categories":[{"id":1,"name":"x"}],"annotations":[{"image_id":1,"category_id":1,"segmentation":{"counts":[5,5],"size":[4,4]}}]}""", "a.json, $.annotations[0].segmentation.counts: The run lengths must sum to 16 (4 × 4), but they sum to 10; expected run lengths of the given size")]
    [InlineData("""{"images":[{"id":1,"file_name":"a.jpg"}],"categories":[{"id":1,"name":"x"}],"annotations":[{"image_id":1,"category_id":1,"segmentation":[[1,2,3]]}]}""", "a.json, $.annotations[0].segmentation[0]: 3 numbers; expected an even number, x and y in turn")]
    [InlineData("""{"images":[{"id":1,"file_name":"a.jpg"}],"categories":[{"id":1}]}""", "a.json, $.categories[0].name: nothing; expected the category's name")]
    [InlineData("""{"images":{"id":1}}""", "a.json, $.images: not an array; expected an array of images")]
    [InlineData("""[{"id":1}]""", "a.json, $[0]: a list at the root; expected an object with images, annotations and categories")]
    public Task Coco(string json, string sentence) => RefusesAsync("coco", "a.json", json, sentence);

    [Fact]
    public async Task A_coco_file_that_is_cut_off_names_the_line()
    {
        using Sets sets = new();
        string message = await Sets.RefusalAsync("coco", sets.Write("a.json", "{\"images\":[\n{\"id\":1,\"file_name\":\"a.jpg\"},\n{\"id\":"));
        Assert.StartsWith("a.json, line 3: not JSON: ", message, StringComparison.Ordinal);
        Assert.EndsWith("; expected valid JSON", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 0.5 0.5 0.1", "labels/a.txt, line 1: 4 numbers; expected 5: class, centre x, centre y, width, height (yolo-obb and yolo-segment read longer rows)")]
    [InlineData("0 0.5 0.5 0.1 0.1\n\n7 0.5 0.5 0.1 0.1", "labels/a.txt, line 3: class 7; expected one of the 1 classes that have a name")]
    [InlineData("0 0.5 x 0.1 0.1", "labels/a.txt, line 1: \"x\"; expected a number")]
    [InlineData("0 0.5 0.5 -0.1 0.1", "labels/a.txt, line 1: a negative width or height; expected values from 0")]
    public async Task Yolo(string rows, string sentence)
    {
        using Sets sets = new();
        sets.Write("data.yaml", "names: [dent]\ntrain: images\n");
        sets.Write("labels/a.txt", rows);
        sets.Write("images/a.jpg", "");
        Assert.Equal(sentence, await Sets.RefusalAsync("yolo", sets.Folder, new() { DefaultImageSize = new(10, 10) }));
    }

    [Fact]
    public async Task Yolo_without_an_image_size_says_what_is_missing()
    {
        using Sets sets = new();
        sets.Write("data.yaml", "names: [dent]\ntrain: images\n");
        sets.Write("labels/a.txt", "0 0.5 0.5 0.1 0.1");
        sets.Write("images/a.jpg", "not an image");
        Assert.Equal("labels/a.txt: the size of a.jpg is unknown; expected the image file, an image folder or a size, because YOLO's coordinates are relative",
            await Sets.RefusalAsync("yolo", sets.Folder));
    }

    [Theory]
    [InlineData("train: images\n", "data.yaml: no names; expected names as a list or a map")]
    [InlineData("names: [a, a]\n", "data.yaml: class 1 \"a\" is empty or there twice; expected different names and numbers")]
    [InlineData("names:\n  x: a\n", "data.yaml, line 2: the class number \"x\"; expected a whole number from 0")]
    public async Task Yolo_yaml(string yaml, string sentence)
    {
        using Sets sets = new();
        sets.Write("data.yaml", yaml);
        Assert.Equal(sentence, await Sets.RefusalAsync("yolo", sets.PathOf("data.yaml")));
    }

    [Theory]
    [InlineData("<annotation><filename>a.jpg</filename><object>\n<name>x</name></object></annotation>", "a.xml, line 1: an object without bndbox; expected bndbox with xmin, ymin, xmax and ymax")]
    [InlineData("<annotation><object><name>x</name>\n<bndbox><xmin>5</xmin><ymin>1</ymin><xmax>2</xmax><ymax>3</ymax></bndbox></object></annotation>", "a.xml, line 2: a right or lower edge before the left or upper one; expected xmin <= xmax and ymin <= ymax")]
    [InlineData("<annotation><object><name>x</name><bndbox><xmin>a</xmin></bndbox></object></annotation>", "a.xml, line 1: xmin \"a\"; expected a number")]
    [InlineData("<annotation><filename>/etc/passwd</filename></annotation>", "a.xml, line 1: the file name \"/etc/passwd\" leads outside the data set; expected a relative path without \"..\"")]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><annotation>&x;</annotation>", "a.xml, line 1: a document type definition, which is refused; expected well-formed XML without DTD")]
    public Task Voc(string xml, string sentence) => RefusesAsync("voc", "a.xml", xml, sentence);

    [Theory]
    [InlineData("""<box label="dent" xtl="1" ytl="1" xbr="x" ybr="2"/>""", "a.xml, line 3: xbr \"x\"; expected a number")]
    [InlineData("""<box label="rust" xtl="1" ytl="1" xbr="2" ybr="2"/>""", "a.xml, line 3: the label \"rust\"; expected a label of meta")]
    [InlineData("""<polygon label="dent" points="1,1;2,2"/>""", "a.xml, line 3: 2 points; expected at least 3")]
    [InlineData("""<polygon label="dent" points="1,1;2;3,3"/>""", "a.xml, line 3: the point \"2\"; expected x,y")]
    [InlineData("""<cuboid label="dent"/>""", "a.xml, line 3: the element cuboid; expected box, polygon, polyline, points, ellipse, mask or tag")]
    [InlineData("""<mask label="dent" rle="5" left="98" top="0" width="5" height="1"/>""", "a.xml, line 3: a mask box of 5 × 1 at 98, 0; expected a box inside the image of 100 × 100")]
    public Task Cvat(string shape, string sentence) => RefusesAsync("cvat", "a.xml", TrapTests.Cvat(shape), sentence);

    [Theory]
    [InlineData("""[{"data":{"image":"a.jpg"},"annotations":[{"result":[{"type":"rectanglelabels","value":{"x":1,"y":1,"width":1,"height":1}}]}]}]""", "a.json, $[0].annotations[0].result[0].original_width: no image size; expected original_width and original_height, because coordinates are percent")]
    [InlineData("""[{"data":{"image":"a.jpg"},"annotations":[{"result":[{"type":"polygonlabels","original_width":9,"original_height":9,"value":{"points":[[1,2],[3]]}}]}]}]""", "a.json, $[0].annotations[0].result[0].value.points[1]: an array; expected [x, y]")]
    [InlineData("""[{"data":{},"annotations":[]}]""", "a.json, $[0].data: the image \"\"; expected the address of an image")]
    [InlineData("""[7]""", "a.json, $[0]: 7; expected a task: an object with data and annotations")]
    public Task Label_studio(string json, string sentence) => RefusesAsync("label-studio", "a.json", json, sentence);

    [Theory]
    [InlineData("""{"dataRow":{"id":"x"},"name":"dent","bbox":{"top":1,"left":2,"height":3}}""", "a.ndjson, $[0].bbox.width: nothing; expected a finite number")]
    [InlineData("""{"name":"dent"}""", "a.ndjson, $[0]: no data row; expected data_row, dataRow or DataRow ID")]
    [InlineData("""{"data_row":{"id":"x"},"projects":[]}""", "a.ndjson, $[0].projects: an array; expected a map of projects by id")]
    public Task Labelbox(string json, string sentence) => RefusesAsync("labelbox", "a.ndjson", json, sentence);

    [Theory]
    [InlineData("1 2 3 4", "g/1.txt, line 1: 4 numbers; expected 5: x1 y1 x2 y2 type")]
    [InlineData("1 2 3 4 1\n1 2 3 4 7", "g/1.txt, line 2: type 7; expected 1 open, 2 short, 3 mousebite, 4 spur, 5 copper or 6 pin-hole")]
    [InlineData("5 2 3 4 1", "g/1.txt, line 1: a right or lower edge before the left or upper one; expected x1 <= x2 and y1 <= y2")]
    public async Task DeepPcb(string rows, string sentence)
    {
        using Sets sets = new();
        sets.Write("g/1.txt", rows);
        Assert.Equal(sentence, await Sets.RefusalAsync("deeppcb", sets.Folder));
    }

    [Fact]
    public async Task A_lenient_reader_collects_what_it_went_past_and_keeps_the_rest()
    {
        using Sets sets = new();
        string path = sets.Write("a.json", """
            {"images":[{"id":1,"file_name":"a.jpg"},{"id":2,"file_name":"/b.jpg"}],"categories":[{"id":1,"name":"x"}],
             "annotations":[{"image_id":1,"category_id":1,"bbox":[1,2,3]},{"image_id":1,"category_id":1,"bbox":[1,2,3,4]}]}
            """);
        await using DatasetReader reader = await DatasetFormats.OpenAsync("coco", path, new() { Lenient = true });
        Assert.Equal("- a.jpg ? Annotated\n  x box 1 2 3 4\n", Sets.Describe(await reader.ReadAsync().ToListAsync()));
        Assert.Equal(["$.annotations[0].bbox", "$.images[1].file_name"], reader.Problems.Kept.Select(p => p.Location));
    }

    private static async Task RefusesAsync(string format, string name, string text, string sentence)
    {
        using Sets sets = new();
        Assert.Equal(sentence, await Sets.RefusalAsync(format, sets.Write(name, text)));
    }
}
