using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Tests;

/// <summary>
/// A data set with every property of the neutral record set goes to every format: what does not come back must be in the loss report. The properties are
/// taken from the records themselves, so that a new one fails here until somebody says what its loss is called.
/// </summary>
public class EverythingIsHeldOrNamedTests
{
    /// <summary>Not part of the data: where a file was found, and what is known before reading.</summary>
    private static readonly string[] NoData = ["AnnotatedImage.ImagePath", "AnnotatedImage.FileName", "AnnotatedImage.Annotations"];

    private static readonly Dictionary<string, DatasetFeature[]> LossOf = new()
    {
        ["AnnotatedImage.Size"] = [DatasetFeature.ImageSizes],
        ["AnnotatedImage.Split"] = [DatasetFeature.Splits, DatasetFeature.OtherSplits, DatasetFeature.ImagesInNoSplit],
        ["AnnotatedImage.Answer"] = [DatasetFeature.SkippedImages, DatasetFeature.EmptiedImages, DatasetFeature.NoDefectImages, DatasetFeature.UnansweredImages],
        ["AnnotatedImage.SkippedReason"] = [DatasetFeature.SkippedReasons, DatasetFeature.SkippedImages],
        ["AnnotatedImage.Metadata"] = [DatasetFeature.ImageMetadata],
        ["AnnotationRecord.Label"] = [DatasetFeature.OtherClasses],
        ["AnnotationRecord.Shape"] = [DatasetFeature.Boxes],
        ["AnnotationRecord.Value"] = [DatasetFeature.Values],
        ["AnnotationRecord.Attributes"] = [DatasetFeature.Attributes, DatasetFeature.AttributeKinds, DatasetFeature.WholeImageAttributes],
        ["AnnotationRecord.Score"] = [DatasetFeature.Scores],
        ["AnnotationRecord.IsCrowd"] = [DatasetFeature.Crowd],
        ["AnnotationRecord.Difficult"] = [DatasetFeature.Difficult],
        ["AnnotationRecord.Occluded"] = [DatasetFeature.Occluded],
        ["AnnotationRecord.Truncated"] = [DatasetFeature.Truncated],
        ["AnnotationRecord.GroupId"] = [DatasetFeature.Groups, DatasetFeature.GroupNames],
        ["AnnotationRecord.SourceId"] = [DatasetFeature.SourceIds],
        ["AnnotationRecord.Author"] = [DatasetFeature.Authors],
        ["AnnotationRecord.CreatedAt"] = [DatasetFeature.Times],
        ["AnnotationRecord.UpdatedAt"] = [DatasetFeature.Times],
        ["LabelClass.Name"] = [DatasetFeature.UnusedClasses, DatasetFeature.OtherClasses],
        ["LabelClass.SourceId"] = [DatasetFeature.ClassIds, DatasetFeature.UnusedClasses],
        ["LabelClass.Color"] = [DatasetFeature.ClassColors, DatasetFeature.UnusedClasses],
        ["LabelClass.Parent"] = [DatasetFeature.ClassParents, DatasetFeature.UnusedClasses],
        ["LabelClass.Attributes"] = [DatasetFeature.ClassAttributes, DatasetFeature.UnusedClasses],
    };

    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly DatasetHeader Header = new("test",
    [
        Class("open", 41, new LabelAttribute("depth", "select", ["very deep", "flat"], "flat")), Class("short", 17, new LabelAttribute("sure", "checkbox", ["not at all"], null)),
        Class("bright", 5), Class("spur", 11, new LabelAttribute("note", "text", [], null)),
    ]);

    private static readonly AnnotationRecord Full = new("open", new BoxShape(new(10, 20, 30, 16)))
    {
        Attributes = [new("depth", "flat"), new("microns", "12.5", AttributeKind.Number), new("sure", "true", AttributeKind.Boolean)],
        Score = 0.75, IsCrowd = true, Difficult = true, Occluded = true, Truncated = true, GroupId = "left rail", SourceId = "a-7",
        Author = "ann@example.org", CreatedAt = Noon, UpdatedAt = Noon.AddHours(1),
    };

    private static readonly AnnotatedImage[] Images =
    [
        Image("rail/box.png", ImageAnswer.Annotated, Full),
        Image("rail/tag.png", ImageAnswer.Annotated, Full with { Label = "short", Shape = null }),
        Image("rail/value.png", ImageAnswer.Annotated, Full with { Label = "bright", Shape = null, Value = 3.25 }),
        Image("rail/skipped.png", ImageAnswer.Skipped) with { SkippedReason = "blurred" },
        Image("rail/clean.png", ImageAnswer.NoDefect),
        Image("rail/new.png", ImageAnswer.NotAnnotated),
    ];

    public static TheoryData<string, LabelboxForm> Formats =>
        new([.. DatasetFormats.All.Select(f => (f.Name, LabelboxForm.Export)), ("labelbox", LabelboxForm.Import)]);

    [Fact]
    public void Every_property_has_a_value_in_the_sample_and_a_name_for_its_loss()
    {
        object[] samples = [.. Images, .. Images.SelectMany(i => i.Annotations), .. Header.Classes];
        foreach (PropertyInfo property in Properties(typeof(AnnotatedImage), typeof(AnnotationRecord), typeof(LabelClass)))
        {
            Assert.True(LossOf.ContainsKey(Name(property)), $"{Name(property)} is new: say in {nameof(LossOf)} what its loss is called");
            Assert.True(samples.Any(s => s.GetType() == property.DeclaringType && IsSet(property.GetValue(s))), $"no sample sets {Name(property)}");
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task What_does_not_come_back_is_in_the_loss_report(string format, LabelboxForm form)
    {
        using Sets sets = new();
        LossReport losses;
        await using (DatasetWriter writer = DatasetFormats.CreateWriter(format, sets.PathOf("set"), Header, new() { LabelboxForm = form }))
        {
            foreach (AnnotatedImage image in Images)
                await writer.WriteAsync(image);
            await writer.CompleteAsync();
            losses = writer.Losses;
        }
        await using DatasetReader reader = await DatasetFormats.OpenAsync(format, sets.PathOf("set"), new() { Lenient = true });
        List<AnnotatedImage> read = await reader.ReadAsync().ToListAsync();
        List<string> silent = [];
        foreach (AnnotatedImage image in Images)
        {
            AnnotatedImage? back = read.SingleOrDefault(r => Path.GetFileNameWithoutExtension(r.FileName) == Path.GetFileNameWithoutExtension(image.FileName));
            if (back is null)
            {
                if (!losses.Entries.Any(e => Names(e, image.FileName)))
                    silent.Add($"{image.FileName} as a whole");
                continue;
            }
            Compare(image, back, image.FileName);
            if (image.Annotations is [var annotation] && back.Annotations is [var found, ..])
                Compare(annotation, found, image.FileName);
        }
        foreach (LabelClass label in Header.Classes)
            Compare(label, reader.Header.Classes.SingleOrDefault(c => c.Name == label.Name) ?? new LabelClass(""), label.Name);
        Assert.True(silent.Count == 0, $"{format} lost without a word: {string.Join(", ", silent)}\nnamed: {string.Join(", ", losses.Entries.Select(e => e.Feature))}");

        void Compare(object expected, object actual, string about)
        {
            foreach (PropertyInfo property in Properties(expected.GetType()))
                if (!Same(property.GetValue(expected), property.GetValue(actual)) && !losses.Entries.Any(e => LossOf[Name(property)].Contains(e.Feature) && Names(e, about)))
                    silent.Add($"{Name(property)} of {about} ({property.GetValue(expected)} came back as {property.GetValue(actual) ?? "nothing"})");
        }
    }

    [Fact]
    public async Task An_image_of_defects_no_format_could_hold_never_reads_as_one_without_defect()
    {
        foreach (FormatDescription format in DatasetFormats.All)
        {
            using Sets sets = new();
            await using (DatasetWriter writer = DatasetFormats.CreateWriter(format.Name, sets.PathOf("set"), new("test", [new("rust")])))
            {
                await writer.WriteAsync(new("a.png") { Size = new(64, 64), Answer = ImageAnswer.Annotated, Annotations = [new(null, new PointShape(new(9, 9)))] });
                await writer.CompleteAsync();
            }
            await using DatasetReader reader = await DatasetFormats.OpenAsync(format.Name, sets.PathOf("set"), new() { DefaultImageSize = new(64, 64) });
            Assert.DoesNotContain(await reader.ReadAsync().ToListAsync(), i => i.Answer == ImageAnswer.NoDefect);
        }
    }

    private static LabelClass Class(string name, long id, params LabelAttribute[] attributes) =>
        new(name) { SourceId = id, Color = "#12ab56", Parent = "electrical", Attributes = [.. attributes] };

    private static AnnotatedImage Image(string name, ImageAnswer answer, params AnnotationRecord[] annotations) => new(name)
    {
        Size = new(120, 80), Answer = answer, Annotations = [.. annotations],
        // A report gives five examples per loss; what it may name has to be on fewer images.
        Split = annotations.Length > 0 ? "holdout" : null, Metadata = annotations.Length > 0 ? [new("line", "3"), new("id", "77")] : [],
    };

    private static IEnumerable<PropertyInfo> Properties(params Type[] types) =>
        types.SelectMany(t => t.GetProperties()).Where(p => p.CanWrite && !NoData.Contains(Name(p)));

    private static string Name(PropertyInfo property) => $"{property.DeclaringType!.Name}.{property.Name}";

    private static bool Names(LossEntry entry, string about) => entry.Examples.Any(e => e == about || e.StartsWith(about + ": ", StringComparison.Ordinal));

    private static bool IsSet(object? value) => value switch
    {
        null or false => false,
        IEnumerable many => many.Cast<object>().Any(),
        _ => true,
    };

    private static bool Same(object? expected, object? actual) => (expected, actual) switch
    {
        (LabelAttribute a, LabelAttribute b) => a with { Values = [] } == b with { Values = [] } && a.Values.SequenceEqual(b.Values),
        (string a, string b) => a == b,
        (ImmutableArray<KeyValuePair<string, string>> a, ImmutableArray<KeyValuePair<string, string>> b) => a.All(b.Contains),
        (Shape a, Shape b) => Corners(a).Zip(Corners(b)).All(p => Math.Abs(p.First.X - p.Second.X) + Math.Abs(p.First.Y - p.Second.Y) < 0.02),
        (IEnumerable a, IEnumerable b) => a.Cast<object>().Count() == b.Cast<object>().Count() && a.Cast<object>().Zip(b.Cast<object>()).All(p => Same(p.First, p.Second)),
        _ => Equals(expected, actual),
    };

    private static IEnumerable<ImagePoint> Corners(Shape shape) => shape switch
    {
        BoxShape b => ShapeMath.Corners(b.Box),
        RotatedBoxShape r => ShapeMath.Corners(r.Box),
        PolygonShape p => p.Rings[0],
        _ => [],
    };
}
