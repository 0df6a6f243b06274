using System.Diagnostics;
using Perenne.Contracts.Models;
using Perenne.Contracts.Observations;
using Perenne.Imaging;
using Perenne.TestSupport;

namespace Perenne.Inference.Tests;

public sealed class ModelServerTests : IDisposable
{
    private readonly TempFolder temp = new();

    public void Dispose() => temp.Dispose();

    [Fact]
    public async Task Every_frame_gets_its_own_answer_from_a_shared_batch()
    {
        await using ModelServer server = new(Session("m"), new ServerSettings { Workers = 2, MaxBatch = 8, MaxDelay = TimeSpan.FromMilliseconds(2), QueueLength = 2000 });
        (PixelBuffer Image, bool Bad)[] frames = [.. Enumerable.Range(0, 500).Select(i => (i % 3 == 0 ? Pictures.WithSpot(64, 64, i % 50, i % 40, 8) : Pictures.Gray(64, 64), i % 3 == 0))];
        Task<Judgement>[] answers = [.. frames.Select(f => Ask(server, f.Image))];
        for (int i = 0; i < answers.Length; i++)
            Assert.Equal(frames[i].Bad ? Verdict.NotOk : Verdict.Ok, (await answers[i]).Prediction.Verdict);
        Assert.Equal(500, server.State.Served);
        Assert.Equal(0, server.State.Waiting);
    }

    [Fact]
    public async Task A_full_queue_refuses_and_leaves_room_for_what_is_urgent()
    {
        using ManualResetEventSlim hold = new();
        await using ModelServer server = new(Session("m"), new ServerSettings { QueueLength = 10, MaxBatch = 1 });
        using PixelBuffer image = Pictures.Gray(64, 64);
        Assert.True(server.TryCall(_ => hold.Wait(TimeSpan.FromMinutes(1)), FramePriority.High, out Task<bool>? blocker));
        while (server.State.Waiting > 0)
            await Task.Yield();
        Assert.Equal((5, 4, 1), (Accepted(FramePriority.Low), Accepted(FramePriority.Normal), Accepted(FramePriority.High)));
        hold.Set();
        Assert.True(await blocker);
        Assert.Equal(3 * 20 - 10, server.State.Refused);
        int Accepted(FramePriority priority) => Enumerable.Range(0, 20).Count(_ => server.TryJudge(new Frame(image), priority, out var _));
        while (server.State.Waiting > 0)
            await Task.Yield();
    }

    [Fact]
    public async Task What_is_urgent_overtakes_what_waits()
    {
        using ManualResetEventSlim hold = new();
        await using ModelServer server = new(Session("m"), new ServerSettings { MaxBatch = 1 });
        server.TryCall(_ => hold.Wait(TimeSpan.FromMinutes(1)), FramePriority.High, out Task<bool>? _);
        List<string> order = [];
        List<Task> calls = [];
        foreach ((FramePriority priority, string name) in (ReadOnlySpan<(FramePriority, string)>)[(FramePriority.Low, "shadow"), (FramePriority.Normal, "person"), (FramePriority.High, "line")])
        {
            server.TryCall(_ => { order.Add(name); return 0; }, priority, out Task<int>? done);
            calls.Add(done!);
        }
        hold.Set();
        await Task.WhenAll(calls);
        Assert.Equal(["line", "person", "shadow"], order);
    }

    [Fact]
    public async Task A_frame_that_does_not_fit_fails_alone_in_its_batch()
    {
        ModelInput input = new() { Width = 64, Height = 64, Dynamic = true, Reference = true, PadValue = 0 };
        using ManualResetEventSlim hold = new();
        await using ModelServer server = new(new ModelSession(ModelPackage.Open(TestModels.BrightSpots(temp["r"], input))), new ServerSettings { MaxBatch = 8 });
        using PixelBuffer image = Pictures.WithSpot(64, 64, 8, 8, 8);
        server.TryCall(_ => hold.Wait(TimeSpan.FromMinutes(1)), FramePriority.High, out Task<bool>? _);
        server.TryJudge(new Frame(image, image), FramePriority.Normal, out Task<Judgement>? good);
        server.TryJudge(new Frame(image), FramePriority.Normal, out Task<Judgement>? bad);
        hold.Set();
        Assert.Equal(Verdict.NotOk, (await good!).Prediction.Verdict);
        await Assert.ThrowsAsync<FrameException>(() => bad!);
    }

    [Fact]
    public async Task A_cancelled_frame_leaves_the_queue_without_being_run()
    {
        using ManualResetEventSlim hold = new();
        using CancellationTokenSource stop = new();
        await using ModelServer server = new(Session("m"), new ServerSettings { MaxBatch = 1 });
        using PixelBuffer image = Pictures.Gray(64, 64);
        server.TryCall(_ => hold.Wait(TimeSpan.FromMinutes(1)), FramePriority.High, out Task<bool>? blocker);
        server.TryJudge(new Frame(image), FramePriority.High, out Task<Judgement>? frame, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => frame!);
        hold.Set();
        await blocker!;
        Assert.InRange(server.State.Served, 0, 1);
    }

    [Fact]
    public async Task Swaps_lose_no_frame_and_every_answer_names_a_model_that_was_in_place()
    {
        ModelPackage seeing = ModelPackage.Open(TestModels.BrightSpots(temp["seeing"])), blind = ModelPackage.Open(TestModels.BrightSpots(temp["blind"], gain: 0, change: m => m with { Name = "blind" }));
        SessionSettings one = new() { Threads = 1 };
        await using ModelServer server = new(new ModelSession(seeing, one), new ServerSettings { Workers = 2, QueueLength = 1000 });
        using PixelBuffer image = Pictures.WithSpot(64, 64, 8, 8, 8);
        using CancellationTokenSource stop = new();
        Task<(int Seen, int Missed)>[] callers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            (int seen, int missed) = (0, 0);
            while (!stop.IsCancellationRequested)
            {
                Judgement j = await Ask(server, image);
                // The answer and the model it names belong together: the blind model never sees the spot.
                Assert.Equal(j.Package.Manifest.Name == "blind" ? Verdict.Ok : Verdict.NotOk, j.Prediction.Verdict);
                (seen, missed) = j.Package == seeing ? (seen + 1, missed) : (seen, missed + 1);
            }
            return (seen, missed);
        }))];
        for (int i = 0; i < 60; i++)
        {
            server.Swap(new ModelSession(i % 2 == 0 ? blind : seeing, one));
            await Task.Delay(2, TestContext.Current.CancellationToken);
        }
        await stop.CancelAsync();
        (int Seen, int Missed)[] counts = await Task.WhenAll(callers);
        Assert.True(counts.Sum(c => c.Seen) > 0 && counts.Sum(c => c.Missed) > 0);
        Assert.Equal((0L, 0L), (server.State.Failed, server.State.Refused));
    }

    [Fact]
    public async Task A_hundred_swaps_leave_the_memory_where_it_was()
    {
        // One megabyte of weights per model, so that a single one kept by mistake in every ten shows.
        float[] ballast = new float[1 << 18];
        ballast[^1] = 1;
        byte[] onnx = new OnnxFile().Input("image", 1, 1, 8, 8).Constant("w", ballast, 1 << 18).Node("ReduceMax", ["w"], ["m"], ("keepdims", 0))
            .Node("GlobalAveragePool", ["image"], ["mean"]).Node("Mul", ["mean", "m"], ["x"]).Node("Flatten", ["x"], ["value"], ("axis", 1)).Output("value", 1, 1).ToArray();
        ModelManifest manifest = new() { Task = ModelTask.Regress, Input = new ModelInput { Width = 8, Height = 8 }, Head = new ModelHead { Family = HeadFamily.Regression } };
        ModelPackage package = ModelPackage.Open(TestModels.Write(temp["big"], manifest, onnx));
        SessionSettings plain = new() { Threads = 1, Optimize = false };
        await using ModelServer server = new(new ModelSession(package, plain));
        using PixelBuffer image = Pictures.Gray(8, 8, 255);
        await SwapAndAskAsync(30);
        long before = Resident();
        await SwapAndAskAsync(100);
        Assert.InRange(Resident() - before, long.MinValue, 30L << 20);

        async Task SwapAndAskAsync(int times)
        {
            for (int i = 0; i < times; i++)
            {
                server.Swap(new ModelSession(package, plain));
                Assert.Equal(1, (await Ask(server, image)).Prediction.Value!.Value, 1e-6);
            }
        }
        static long Resident()
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            using Process me = Process.GetCurrentProcess();
            return me.WorkingSet64;
        }
    }

    private ModelSession Session(string name) => new(ModelPackage.Open(TestModels.BrightSpots(temp[name])), new SessionSettings { Threads = 1 });

    private static Task<Judgement> Ask(ModelServer server, PixelBuffer image) =>
        server.TryJudge(new Frame(image), FramePriority.High, out Task<Judgement>? answer) ? answer : throw new InvalidOperationException("The queue is full.");
}
