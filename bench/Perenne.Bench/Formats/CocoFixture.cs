using System.Globalization;

namespace Perenne.Bench.Formats;

/// <summary>A COCO file of a million boxes on 50,000 images, annotations in random order, as large exports come.</summary>
internal static class CocoFixture
{
    public const int Images = 50_000, Boxes = 1_000_000;

    public static string Write(string folder)
    {
        string path = Path.Combine(folder, "instances_train.json");
        if (File.Exists(path))
            return path;
        Directory.CreateDirectory(folder);
        Random random = new(7);
        using StreamWriter w = new(path);
        w.Write("{\"categories\":[{\"id\":1,\"name\":\"open\"},{\"id\":3,\"name\":\"short\"},{\"id\":7,\"name\":\"spur\"}],\"annotations\":[");
        for (int i = 0; i < Boxes; i++)
        {
            double x = random.NextDouble() * 1800, y = random.NextDouble() * 1000, width = 4 + random.NextDouble() * 100, height = 4 + random.NextDouble() * 70;
            w.Write(string.Create(CultureInfo.InvariantCulture,
                $"{(i == 0 ? "" : ",")}\n{{\"id\":{i + 1},\"image_id\":{random.Next(Images) + 1},\"category_id\":{(random.Next(3) switch { 0 => 1, 1 => 3, _ => 7 })},\"segmentation\":[],\"area\":{width * height:0.##},\"bbox\":[{x:0.##},{y:0.##},{width:0.##},{height:0.##}],\"iscrowd\":0}}"));
        }
        w.Write("],\"images\":[");
        for (int i = 0; i < Images; i++)
            w.Write(string.Create(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ",")}\n{{\"id\":{i + 1},\"file_name\":\"part_{i:000000}.jpg\",\"width\":1920,\"height\":1080}}"));
        w.Write("]}\n");
        return path;
    }
}
