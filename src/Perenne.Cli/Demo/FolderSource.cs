using Perenne.Cli.Collect;
using Perenne.Cli.Hub;
using Perenne.Formats;

namespace Perenne.Cli.Demo;

/// <summary>
/// Any data set that Perenne reads (COCO, YOLO, VOC, DeepPCB …), split over three plants by its groups, so that a plant sees its own designs. One class is
/// kept back until it "appears"; the lighting drift is laid on the pixels. Pictures of the exam are set aside before anything else; production repeats
/// pictures when the data set has no more, but never one of the first campaign's.
/// </summary>
internal sealed class FolderSource : DemoSource
{
    private const int Plants = 3, LeastKnown = 30;

    private readonly PlantPictures[] plants;

    private FolderSource(string project, IReadOnlyList<string> classes, string laterClass, PlantPictures[] plants) => (Project, Classes, LaterClass, this.plants) = (project, classes, laterClass, plants);

    public override IReadOnlyList<string> Classes { get; }

    public override string LaterClass { get; }

    public override string Project { get; }

    public static async Task<FolderSource> OpenAsync(string path, DemoSize size, CancellationToken cancel)
    {
        (List<AnnotatedImage> images, string format, _) = await ImportSource.ReadAsync(path, "auto", null, cancel);
        List<FolderPicture> pictures = FolderPicture.Of(images);
        string[] classes = [.. pictures.SelectMany(p => p.Truth).Select(b => b.Label).Distinct().Order(StringComparer.Ordinal)];
        // The class on the fewest pictures: what is left without it is most.
        string? rare = classes.MinBy(c => pictures.Count(p => p.Shows(c)));
        // Whole groups go to one plant, the largest first, to the plant that has least; there they come mixed, as a line runs what is ordered.
        List<FolderPicture>[] split = [[], [], []];
        foreach (IGrouping<string, FolderPicture> group in pictures.GroupBy(p => p.Group).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal))
            split.MinBy(s => s.Count)!.AddRange(group);
        PlantPictures[] plants = rare is null ? [] : [.. split.Select(s => PlantPictures.Of([.. s.OrderBy(p => Mix(p.Name)).ThenBy(p => p.Name, StringComparer.Ordinal)], rare, size))];
        int least = plants.Select(p => p.First.Count).DefaultIfEmpty(0).Min();
        return classes.Length >= 2 && least >= LeastKnown && plants.Length == Plants
            ? new(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))), [.. classes.Where(c => c != rare)], rare!, plants)
            : throw new HubFailure($"The demo needs two or more classes, and for each of its three plants {LeastKnown} pictures to begin with besides those for the exam and for production. '{path}' ({format}) has {images.Count} images of {classes.Length} classes, which gives {least}. Leave --data out for generated parts.", 0);
    }

    public override int Begin(int plant, int wanted) => Math.Min(wanted, plants[plant].First.Count);

    public override DemoImage Take(int plant, int number, DemoTrouble trouble)
    {
        PlantPictures of = plants[plant];
        if (number < of.First.Count)
            return Shot(of.First[number], plant, number, trouble);
        IReadOnlyList<FolderPicture> from = trouble == DemoTrouble.NewClass && number % 2 == 0 && of.Later.Count > 0 ? of.Later : of.Production;
        return Shot(from[number % from.Count], plant, number, trouble);
    }

    public override DemoImage Exam(int plant, int number, DemoTrouble trouble)
    {
        PlantPictures of = plants[plant];
        IReadOnlyList<FolderPicture> from = trouble == DemoTrouble.NewClass && number % 2 == 0 && of.LaterExam.Count > 0 ? of.LaterExam : of.Exam;
        return Shot(from[number / (trouble == DemoTrouble.NewClass ? 2 : 1) % from.Count], plant, 9_000_000 + number, trouble);
    }

    private static DemoImage Shot(FolderPicture picture, int plant, int number, DemoTrouble trouble)
    {
        byte[] file = picture.Read();
        return new(picture.Name, $"P{plant + 1}-{number:D6}", trouble == DemoTrouble.Light ? WornLight.On(file, number) : file, picture.Width, picture.Height, picture.Truth);
    }

    private static uint Mix(string text) => text.Aggregate(2_166_136_261u, (hash, letter) => unchecked((hash ^ letter) * 16_777_619u));

    /// <summary>One plant's pictures; no picture is in two of them.</summary>
    /// <param name="First">For the first campaign.</param>
    /// <param name="Production">For the stations.</param>
    /// <param name="Later">For the stations once the new class has appeared: every picture shows it.</param>
    private sealed record PlantPictures(IReadOnlyList<FolderPicture> Exam, IReadOnlyList<FolderPicture> First, IReadOnlyList<FolderPicture> Production, IReadOnlyList<FolderPicture> LaterExam, IReadOnlyList<FolderPicture> Later)
    {
        public static PlantPictures Of(List<FolderPicture> all, string rare, DemoSize size)
        {
            List<FolderPicture> known = [.. all.Where(p => !p.Shows(rare))], later = [.. all.Where(p => p.Shows(rare))];
            int exam = Math.Min(size.HeldOut, known.Count / 4), first = Math.Min(size.Images, (known.Count - exam) / 2), laterExam = Math.Min(size.HeldOut / 2, later.Count / 3);
            return new(known[..exam], known[exam..(exam + first)], known[(exam + first)..], later[..laterExam], later[laterExam..]);
        }
    }
}
