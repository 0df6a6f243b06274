using NetVips;

namespace Perenne.Imaging.Tests;

public class QualityTests
{
    private static readonly Lazy<(ImageFacts Facts, ImageMeasures Measures)[]> Window = new(() =>
        [.. Boards.Paths("train.txt", 20).Select(Boards.Inspect).Select(i => (i.Facts, i.Measures))]);

    private static (ImageFacts Facts, CameraProfile Profile) Camera() => (Window.Value[0].Facts, CameraProfile.Learn(Window.Value));

    [Fact]
    public void Sharpness_falls_with_every_step_of_blur_and_noise_rises_with_every_step_of_noise()
    {
        foreach (string path in Boards.Paths("train.txt", 250))
        {
            Image image = Boards.Load(path);
            ImageMeasures[] blur = [.. ((double[])[.4, .7, 1.2, 2, 3]).Select(s => Boards.Inspect(Boards.Blurred(image, s)).Measures)];
            ImageMeasures[] noise = [.. ((double[])[0, 2, 4, 8, 16]).Select(s => Boards.Inspect(Boards.Noisy(Boards.Brighter(image, .6, 50), s)).Measures)];
            ImageMeasures[] dark = [.. ((double[])[1, .8, .5, .25]).Select(f => Boards.Inspect(Boards.Brighter(image, f)).Measures)];
            for (int i = 1; i < blur.Length; i++)
            {
                Assert.True(blur[i].Laplacian < blur[i - 1].Laplacian);
                Assert.True(blur[i].Tenengrad < blur[i - 1].Tenengrad);
                Assert.True(blur[i].EdgeSharpness < blur[i - 1].EdgeSharpness);
                Assert.True(noise[i].Noise > noise[i - 1].Noise);
            }
            for (int i = 1; i < dark.Length; i++)
                Assert.True(dark[i].BrightnessMean < dark[i - 1].BrightnessMean);
            Assert.InRange(noise[3].Noise, 5.5, 9);
            Assert.InRange(noise[3].EdgeSharpness / noise[0].EdgeSharpness, .7, 1.3);
        }
    }

    [Fact]
    public void Measures_of_a_known_picture_are_the_textbook_figures()
    {
        using PixelBuffer stripes = TestImages.GrayBuffer(256, 256, (x, _) => x % 2 * 255);
        ImageMeasures m = ImageInspector.Inspect(stripes, Window0()).Measures;
        Assert.Equal((.5, .5, 1.0), (m.BrightnessMean, m.Contrast, m.Entropy));
        Assert.Equal((0.0, 1.0), (m.BrightnessP5, m.BrightnessP95));
        Assert.Equal((.5, .5), (m.ClippedLow, m.ClippedHigh));
        // The Laplacian of one-pixel stripes is ±510 everywhere; Sobel's two columns see the same stripe.
        Assert.Equal(510.0 * 510, m.Laplacian, 1.0);
        Assert.Equal(0, m.Tenengrad, 1.0);
    }

    [Fact]
    public void Two_pixel_wide_ramps_give_the_gradient_sobel_defines()
    {
        using PixelBuffer ramp = TestImages.GrayBuffer(192, 192, (x, y) => y);
        ImageMeasures m = ImageInspector.Inspect(ramp, Window0()).Measures;
        Assert.Equal(64, m.Tenengrad, .01);
        Assert.Equal(0, m.Laplacian, .01);
        Assert.Equal(0, m.Noise, .01);
    }

    [Fact]
    public void A_dark_camera_is_only_doubted_until_its_profile_is_known()
    {
        ImageMeasures dark = Boards.Inspect(Boards.Brighter(Boards.Load(Boards.Paths("train.txt", 1000)[0]), .3)).Measures;
        ImageFacts facts = Camera().Facts;
        Assert.Equal("dark", Assert.Single(QualityJudge.Judge(facts, dark, null, QualityThresholds.Default).Reasons).Code);
        CameraProfile itsOwn = CameraProfile.Learn([.. Enumerable.Repeat((facts, dark), 40)]);
        Assert.Equal(QualityLevel.Usable, QualityJudge.Judge(facts, dark, itsOwn, QualityThresholds.Default).Level);
        Assert.Equal(QualityLevel.Flagged, QualityJudge.Judge(facts, dark, itsOwn with { Images = 29 }, QualityThresholds.Default).Level);
    }

    [Fact]
    public void Most_unseen_boards_pass_and_every_blurred_one_is_caught()
    {
        (_, CameraProfile profile) = Camera();
        string[] unseen = [.. Boards.Paths("train.txt", 20).Select((p, i) => (p, i)).Where(t => t.i % 5 == 0).Select(t => t.p)];
        string[] others = [.. Boards.Paths("train.txt", 33).Except(unseen)];
        string[] doubts = [.. others.Select(Boards.Inspect).Select(i => string.Join(", ", QualityJudge.Judge(i.Facts, i.Measures, profile, QualityThresholds.Default).Reasons.Select(r => $"{r.Measure} {r.Figure}"))).Where(d => d.Length > 0)];
        Assert.True(doubts.Length <= others.Length / 10, $"{doubts.Length} of {others.Length}: {string.Join(" | ", doubts)}");
        foreach (string path in others.Take(10))
        {
            QualityVerdict verdict = QualityJudge.Judge(Boards.Inspect(path).Facts, Boards.Inspect(Boards.Blurred(Boards.Load(path), 1.5)).Measures, profile, QualityThresholds.Default);
            Assert.Contains(verdict.Reasons, r => r.Code == "blurred");
        }
    }

    [Fact]
    public void A_part_out_of_focus_is_seen_though_the_rest_is_sharp()
    {
        (_, CameraProfile profile) = Camera();
        string path = Boards.Paths("train.txt", 250)[1];
        Inspection half = Boards.Inspect(ExploreTests.HalfBlurred(Boards.Load(path)));
        Assert.Contains(QualityJudge.Judge(Boards.Inspect(path).Facts, half.Measures, profile, QualityThresholds.Default).Reasons, r => r.Code == "partly-blurred");
    }

    [Fact]
    public void Another_compression_or_camera_is_not_like_production()
    {
        (ImageFacts facts, CameraProfile profile) = Camera();
        ImageMeasures measures = Window.Value[0].Measures;
        Assert.Equal(QualityLevel.Usable, QualityJudge.Judge(facts, measures, profile, QualityThresholds.Default).Level);
        ImageFacts phone = facts with { Exif = new ExifFacts(Make: "Phone") };
        ImageFacts recompressed = facts with { Jpeg = facts.Jpeg! with { TablesHash = "0" } };
        Assert.Equal("camera", Assert.Single(QualityJudge.Judge(phone, measures, profile, QualityThresholds.Default).Reasons).Measure);
        Assert.Equal("JPEG tables", Assert.Single(QualityJudge.Judge(recompressed, measures, profile, QualityThresholds.Default).Reasons).Measure);
    }

    [Fact]
    public void A_tenth_of_bad_pictures_in_the_window_moves_the_baseline_little()
    {
        double[] good = [.. Enumerable.Range(0, 90).Select(i => .5 + .001 * (i % 10))];
        RobustBaseline clean = RobustBaseline.Of(good), spoilt = RobustBaseline.Of([.. good, .. Enumerable.Repeat(9.0, 10)]);
        Assert.InRange(spoilt.Median - clean.Median, 0, .001);
        Assert.InRange(spoilt.Mad, clean.Mad, clean.Mad * 2);
    }

    [Fact]
    public void A_lens_cap_is_rejected_with_or_without_a_profile()
    {
        using PixelBuffer black = TestImages.GrayBuffer(640, 640, (_, _) => 3);
        ImageMeasures m = ImageInspector.Inspect(black, Window0()).Measures;
        Assert.Equal(QualityLevel.Rejected, QualityJudge.Judge(Window0(), m, null, QualityThresholds.Default).Level);
        Assert.Equal(QualityLevel.Rejected, QualityJudge.Judge(Window0(), m, Camera().Profile, QualityThresholds.Default).Level);
    }

    private static ImageFacts Window0() => Window.Value[0].Facts;
}
