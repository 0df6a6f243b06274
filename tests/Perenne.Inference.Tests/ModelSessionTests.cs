using CsCheck;
using Perenne.Contracts.Models;
using Perenne.Contracts.Observations;
using Perenne.Imaging;
using Perenne.TestSupport;

namespace Perenne.Inference.Tests;

public sealed class ModelSessionTests : IDisposable
{
    private readonly TempFolder temp = new();

    public void Dispose() => temp.Dispose();

    [Theory]
    [InlineData(ResizeMode.Letterbox)]
    [InlineData(ResizeMode.LetterboxTopLeft)]
    [InlineData(ResizeMode.Stretch)]
    [InlineData(ResizeMode.Native)]
    [InlineData(ResizeMode.Tile)]
    public void A_bright_spot_is_found_where_it_is_whatever_the_way_to_the_tensor(ResizeMode mode)
    {
        ModelInput input = new() { Width = 64, Height = 64, Dynamic = true, Resize = mode, TileOverlap = 24, PadValue = 0 };
        using ModelSession session = new(ModelPackage.Open(TestModels.BrightSpots(temp[$"{mode}"], input)), new SessionSettings { Threads = 1 });
        Gen.Select(Gen.Int[64, 200], Gen.Int[64, 200], Gen.Double[0, 1], Gen.Double[0, 1]).Sample((w, h, fx, fy) =>
        {
            const int size = 12;
            int x = (int)(fx * (w - size)), y = (int)(fy * (h - size));
            using PixelBuffer image = Pictures.WithSpot(w, h, x, y, size);
            Prediction p = session.Predict(image);
            Assert.Equal(Verdict.NotOk, p.Verdict);
            // A cell is 8 tensor pixels; in image pixels that is 8 by the scale, and the spot may lie anywhere in its cells.
            Placement first = Placement.Of(input, w, h)[0];
            Assert.All(p.Detections.Where(d => d.Counts), d =>
            {
                Assert.InRange(d.Box.X + d.Box.Width / 2, x - 8 / first.ScaleX, x + size + 8 / first.ScaleX);
                Assert.InRange(d.Box.Y + d.Box.Height / 2, y - 8 / first.ScaleY, y + size + 8 / first.ScaleY);
                Assert.True(d.Box.X >= 0 && d.Box.Y >= 0 && d.Box.Right <= w && d.Box.Bottom <= h);
            });
        }, iter: 60, threads: 1);
    }

    [Fact]
    public void A_batch_answers_what_its_images_answer_alone()
    {
        using ModelSession session = Spots(), one = new(ModelPackage.Open(TestModels.BrightSpots(temp["one"], batch: 1)));
        PixelBuffer[] images = [.. Enumerable.Range(0, 11).Select(i => Pictures.WithSpot(64 + i % 3 * 16, 64, 5 * i, 40 - 3 * i, 9, (byte)(150 + 9 * i)))];
        Prediction[] together = session.Predict([.. images.Select(i => new Frame(i))]);
        for (int i = 0; i < images.Length; i++)
        {
            Assert.Equal(session.Predict(images[i]).Detections, together[i].Detections);
            Assert.Equal(one.Predict(images[i]).Detections, together[i].Detections);
            Assert.Equal(session.Predict(images[i]).Features, together[i].Features);
        }
        Assert.True(session.CanBatch);
        Assert.False(one.CanBatch);
    }

    [Fact]
    public void Many_threads_get_their_own_answers()
    {
        using ModelSession session = Spots();
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            using PixelBuffer image = Pictures.WithSpot(64, 64, 8 * (i % 7), 8 * (i / 7 % 7), 8);
            Detection d = Assert.Single(session.Predict(image).Detections);
            Assert.Equal((8 * (i % 7) + 4.0, 8 * (i / 7 % 7) + 4.0), (Math.Min(d.Box.X + 6, d.Box.Right - 6), Math.Min(d.Box.Y + 6, d.Box.Bottom - 6)), (a, b) => Math.Abs(a.Item1 - b.Item1) < 6 && Math.Abs(a.Item2 - b.Item2) < 6);
        });
    }

    [Fact]
    public void Thresholds_come_from_the_session_then_the_class_then_the_model()
    {
        string folder = TestModels.BrightSpots(temp["m"], change: m => m with { Threshold = 0.9, Classes = [new ModelClass("spot", Threshold: 0.6)] });
        ModelPackage package = ModelPackage.Open(folder);
        using PixelBuffer image = Pictures.WithSpot(64, 64, 16, 16, 8, value: 179);
        Assert.Equal(Verdict.NotOk, Judge(new SessionSettings()));
        Assert.Equal(Verdict.Ok, Judge(new SessionSettings { Thresholds = new Dictionary<string, double> { ["spot"] = 0.8 } }));
        Assert.Equal(Verdict.NotOk, Judge(new SessionSettings { Thresholds = new Dictionary<string, double> { ["other"] = 0.8 } }));
        Verdict Judge(SessionSettings settings)
        {
            using ModelSession session = new(package, settings);
            return session.Predict(image).Verdict;
        }
    }

    [Fact]
    public void Calibration_moves_the_score_and_the_threshold_is_compared_with_the_calibrated_one()
    {
        // σ(2·logit(0.6) − 0.5) = 0.577
        string folder = TestModels.BrightSpots(temp["m"], change: m => m with { Threshold = 0.58, Calibration = new ScoreCalibration(2, -0.5) });
        using ModelSession session = new(ModelPackage.Open(folder));
        using PixelBuffer image = Pictures.WithSpot(64, 64, 16, 16, 8, value: 153);
        Prediction p = session.Predict(image);
        Assert.Equal(0.57708, Assert.Single(p.Detections).Score, 1e-4);
        Assert.Equal(Verdict.Ok, p.Verdict);
    }

    [Fact]
    public void Weak_detections_are_returned_down_to_the_floor_but_do_not_count()
    {
        string folder = TestModels.BrightSpots(temp["m"]);
        using ModelSession session = new(ModelPackage.Open(folder), new SessionSettings { ScoreFloor = 0.2 });
        using PixelBuffer image = Pictures.WithSpot(64, 64, 16, 16, 8, value: 80);
        image.Row(48)[48] = 40;
        Prediction p = session.Predict(image);
        Assert.False(Assert.Single(p.Detections).Counts);
        Assert.Equal(Verdict.Ok, p.Verdict);
    }

    [Fact]
    public void Frames_after_the_first_allocate_next_to_nothing()
    {
        ModelInput input = new() { Width = 256, Height = 256, PadValue = 0 };
        using ModelSession session = new(ModelPackage.Open(TestModels.BrightSpots(temp["big"], input)), new SessionSettings { Threads = 1 });
        using PixelBuffer image = Pictures.WithSpot(256, 256, 100, 100, 8);
        session.Predict(image);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++)
            session.Predict(image);
        // The tensors alone have 256 kB per frame.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 50, 0, 16_000);
    }

    private ModelSession Spots() => new(ModelPackage.Open(TestModels.BrightSpots(temp["spots"])), new SessionSettings { Threads = 1 });
}
