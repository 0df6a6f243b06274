using Perenne.TestSupport;

namespace Perenne.Formats.Tests;

/// <summary>
/// 102,000 damaged inputs: the sample sets with bytes flipped, cut, doubled, swapped for traps. Nothing but the documented exception may come out,
/// the number of records stays bounded by the input, and no input makes a reader allocate without measure.
/// </summary>
public class FuzzTests
{
    private const int InputsPerSeed = 8_500;
    private const long AllocationLimit = 300L * 1024 * 1024;

    private static readonly string[] Traps =
        ["-1", "1e308", "NaN", "999999999999999999999", "0", "null", "{}", "[]", "\"\"", "../", "\\ud800", "\u0000", "true", ",", "\n", "<", "&x;", "[[[[[[[[", "<!DOCTYPE a>", "1,1,1,1", "\"id\":", "- &a [*a]"];

    [Theory]
    [InlineData("coco", "coco-instances/annotations/instances_val.json", "")]
    [InlineData("coco", "roboflow-coco/train/_annotations.coco.json", "")]
    [InlineData("yolo", "roboflow-yolo/data.yaml", "data.yaml")]
    [InlineData("yolo", "yolo/labels/labels/train/1.txt", "labels/a.txt")]
    [InlineData("yolo-segment", "roboflow-yolo/val/labels/val_001.txt", "labels/a.txt")]
    [InlineData("yolo-obb", "roboflow-yolo_obb/val/labelTxt/val_001.txt", "labels/a.txt")]
    [InlineData("voc", "voc/Annotations/2007_000001.xml", "")]
    [InlineData("cvat", "cvat-for-images/export_task/train.xml", "")]
    [InlineData("label-studio", "label-studio/test_export_coco.json", "")]
    [InlineData("labelbox", "labelbox/image_import.json", "")]
    [InlineData("labelbox", "labelbox/rectangle_import.json", "")]
    [InlineData("deeppcb", "yolo/strict/obj_train_data/1.txt", "g/1.txt")]
    public async Task Damaged_input_is_refused_and_never_crashes(string format, string sample, string place)
    {
        byte[] seed = await File.ReadAllBytesAsync(SharedData.Require("golden/formats/" + sample));
        using Sets sets = new();
        if (place.Length > 0 && place != "data.yaml")
            sets.Write("data.yaml", "names: [label_0, label_1, label_2, label_3, label_4]\ntrain: images\n");
        sets.Write("images/a.jpg", "");
        string file = sets.Write(place.Length > 0 ? place : Path.GetFileName(sample), "");
        string path = place.Length > 0 ? sets.Folder : file;
        Random random = new(20260101 + sample.Length * 31 + format.Length);
        for (int i = 0; i < InputsPerSeed; i++)
        {
            byte[] input = Mutate(seed, random);
            await File.WriteAllBytesAsync(file, input);
            await TryReadAsync(format, path, input, lenient: i % 2 == 0);
        }
    }

    private static async Task TryReadAsync(string format, string path, byte[] input, bool lenient)
    {
        long before = GC.GetTotalAllocatedBytes();
        ReadOptions options = new() { Lenient = lenient, MaxRecordBytes = 1 << 20, DefaultImageSize = new(64, 64) };
        try
        {
            await using DatasetReader reader = await DatasetFormats.OpenAsync(format, path, options);
            long records = 0;
            await foreach (AnnotatedImage image in reader.ReadAsync())
            {
                records += 1 + image.Annotations.Length;
                Assert.True(records <= input.Length + 10, Show(input, "more records than bytes"));
                Assert.True(SafePath.TryNormalize(image.FileName, out _), Show(input, "an unsafe file name came through"));
            }
        }
        catch (DatasetFormatException)
        {
            // The one documented answer.
        }
        catch (Exception e) when (e is not Xunit.Sdk.IAssertionException)
        {
            Assert.Fail(Show(input, e.ToString()));
        }
        long allocated = GC.GetTotalAllocatedBytes() - before;
        Assert.True(allocated < AllocationLimit, Show(input, $"{allocated} bytes allocated"));
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        List<byte> bytes = [.. seed];
        for (int edits = random.Next(1, 5); edits > 0 && bytes.Count > 0; edits--)
        {
            int at = random.Next(bytes.Count), length = Math.Min(random.Next(1, 24), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 4:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 5:
                    bytes.InsertRange(at, System.Text.Encoding.UTF8.GetBytes(Traps[random.Next(Traps.Length)]));
                    break;
                default:
                    ReplaceNumber(bytes, at, random);
                    break;
            }
        }
        return [.. bytes];
    }

    // A number somewhere after the place becomes a trap: the edits that reach past the tokenizer.
    private static void ReplaceNumber(List<byte> bytes, int at, Random random)
    {
        int start = bytes.FindIndex(at, b => b is >= (byte)'0' and <= (byte)'9');
        if (start < 0)
            return;
        int end = start;
        while (end < bytes.Count && bytes[end] is (>= (byte)'0' and <= (byte)'9') or (byte)'.')
            end++;
        bytes.RemoveRange(start, end - start);
        bytes.InsertRange(start, System.Text.Encoding.UTF8.GetBytes(Traps[random.Next(Traps.Length)]));
    }

    private static string Show(byte[] input, string what) => $"{what}\n{Convert.ToBase64String(input)}";
}
