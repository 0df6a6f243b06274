using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Contracts.Annotation;
using Perenne.Contracts.Models;
using Perenne.Hub.Agree;
using Perenne.Hub.Collect;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Train;
using Perenne.TestSupport;
using SkiaSharp;

namespace Perenne.Hub.Tests.Learn;

/// <summary>A dataset version of real pictures, each with a bright spot or none, a trainer that hands over a detector of bright spots, and ways to run it.</summary>
internal sealed class Workshop
{
    public const int Side = 64, Spot = 12;

    private readonly HubFixture hub;

    private Workshop(HubFixture hub, Pool pool, int dataset, Guid trainer, string package) => (this.hub, Pool, Dataset, Trainer, Package) = (hub, pool, dataset, trainer, package);

    public Pool Pool { get; }

    public int Dataset { get; }

    public Guid Trainer { get; }

    /// <summary>The folder that the trainer hands over.</summary>
    public string Package { get; }

    public static async Task<Workshop> StartAsync(
        HubFixture hub, int pictures = 24, string? command = null, int silenceMinutes = 30, double test = 0.4, params TestOrganization[] others)
    {
        Pool pool = await Pool.StartAsync(hub, others);
        TestOrganization[] places = [pool.Lyon, .. others];
        for (int i = 0; i < pictures; i++)
            await AddPictureAsync(hub, pool, i, organization: places[i % places.Length]);
        int dataset = (await Learning.MadeAsync(pool, new("pictures", Test: test, Validation: 0.2))).Version.Number;
        string package = TestModels.BrightSpots(Path.Combine(hub.Folder, "package-" + pool.Project.Slug), change: Described(pool));
        TestPerson root = await hub.Person("root", instanceAdministrator: true);
        string script = Path.Combine(SharedData.RepositoryRoot, "tests", "Perenne.Hub.Tests", "Learn", "trainer.py");
        TrainerRow trainer = await hub.As(root).Post("/api/v1/trainers", new TrainerDraft(pool.Project.Slug, command ?? $"python3 \"{script}\" {{job}}", silenceMinutes)).Read<TrainerRow>();
        return new(hub, pool, dataset, trainer.Id, package);
    }

    /// <summary>From now on the trainer hands over another network; 0: a blind one.</summary>
    public void Offer(float gain) => TestModels.BrightSpots(Package, gain: gain, change: Described(Pool));

    /// <summary>What every trainer of this shop does from now on, whatever its parameters ask; null: what they ask.</summary>
    public void Order(string? mode)
    {
        File.Delete(Path.Combine(Package, "mode"));
        if (mode is not null)
            File.WriteAllText(Path.Combine(Package, "mode"), mode);
    }

    // A trainer of somebody's own says how far its own outputs are from the network's: the deployment's first gate.
    private static Func<ModelManifest, ModelManifest> Described(Pool pool) => m => m with { Classes = [new("open", pool.Open)], Metrics = new Dictionary<string, double> { ["parity"] = 1e-6 } };

    /// <summary>Every third picture is good; the others have a spot, annotated where it is.</summary>
    public static Task<Guid> AddPictureAsync(HubFixture hub, Pool pool, int number, AnnotationDocument? document = null, TestOrganization? organization = null, TruthSource? truth = null)
    {
        (int x, int y) = (4 + (number * 7 % 44), 4 + (number * 11 % 44));
        bool isGood = number % 3 == 0;
        byte[] png = Png(isGood ? null : (x, y), number);
        return hub.Inside(async services =>
        {
            string file = Path.Combine(hub.Folder, Path.GetRandomFileName());
            await File.WriteAllBytesAsync(file, png);
            string hash = Convert.ToHexStringLower(SHA256.HashData(png));
            await services.GetRequiredService<IBlobStore>().PutAsync(new((organization ?? pool.Lyon).Id, BlobKind.Original, hash), file, default);
            return await pool.AddAsync(document ?? (isGood ? Pool.NoDefect : Pool.Boxes(("open", x, y, Spot, Spot))), null, organization, truth, (hash, Side, Side));
        });
    }

    public RunRequest Request(string mode = "ok", int steps = 5, double pause = 0) => new("try", Dataset, Minutes: null, Steps: steps, Seed: 7, Trainer: Trainer,
        Parameters: JsonSerializer.SerializeToElement(new { mode, package = Package, pause }));

    public string JobFolder(Guid run) => Path.Combine(hub.Folder, "jobs", run.ToString("n"));

    public async Task<int> StartRunAsync(RunRequest request) => (await Pool.Client.Post($"{Pool.Address}/runs", request).Read<RunStarted>()).Number;

    public async Task<RunDetail> RunAsync(RunRequest request) => await UntilAsync(await StartRunAsync(request), r => r.Run.FinishedAt is not null);

    public Task<RunDetail> UntilAsync(int number, Func<RunDetail, bool> isThere) => Learning.UntilAsync(() => Pool.Client.Get<RunDetail>($"{Pool.Address}/runs/{number}"), isThere);

    private static byte[] Png((int X, int Y)? spot, int number)
    {
        using SKBitmap bitmap = new(Side, Side, SKColorType.Gray8, SKAlphaType.Opaque);
        using SKCanvas canvas = new(bitmap);
        canvas.Clear(SKColors.Black);
        using SKPaint bright = new() { Color = SKColors.White }, mark = new() { Color = new((byte)(1 + (number % 60)), (byte)(1 + (number % 60)), (byte)(1 + (number % 60))) };
        canvas.DrawRect(0, 0, 1 + (number / 60), 1, mark); // No two pictures have the same bytes.
        if (spot is { } at)
            canvas.DrawRect(at.X, at.Y, Spot, Spot, bright);
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
