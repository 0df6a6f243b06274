using System.Net;
using System.Text.Json;
using Perenne.Contracts;
using Perenne.Contracts.Models;
using Perenne.Hub.Registry;
using Perenne.TestSupport;

namespace Perenne.Hub.Tests.Learn;

public sealed class ModelUploadTests(SqliteHub hub) : HubTests(hub), IClassFixture<SqliteHub>
{
    private static ModelManifest Detector(int width = 64) => new()
    {
        Name = "mine", Task = ModelTask.Detect, Classes = [new("open"), new("short")], Input = new() { Width = width, Height = 64 }, Head = new() { Family = HeadFamily.Yolov8 }, Nms = new(),
    };

    private static byte[] Yolo(int rows = 6) => TestModels.Answering(64, 64, ("output", new float[rows * 10], [1, rows, 10]));

    [Fact]
    public async Task A_users_own_network_is_kept_with_the_ids_of_the_label_classes()
    {
        Pool pool = await Pool.StartAsync(Hub);
        ModelUploaded made = await Send(pool, Detector(), Yolo()).Read<ModelUploaded>();
        ModelCard card = await pool.Client.Get<ModelCard>($"{pool.Address}/models/{made.Number}");
        Assert.Equal([pool.Open, pool.Short], card.Manifest.Classes.Select(c => c.LabelClassId!.Value));
        Assert.Equal(ModelSource.Upload, card.Model.Source);
        Assert.Equal(64, card.Manifest.Sha256.Length);
    }

    [Fact]
    public async Task What_cannot_be_used_is_refused_with_a_sentence()
    {
        Pool pool = await Pool.StartAsync(Hub);
        string wrongShape = await Send(pool, Detector(), Yolo(rows: 9)).Refused(HttpStatusCode.BadRequest);
        Assert.Contains("output", wrongShape, StringComparison.OrdinalIgnoreCase);
        string otherSize = await Send(pool, Detector(width: 96), Yolo()).Refused(HttpStatusCode.BadRequest);
        Assert.Contains("96", otherSize);
        string operation = await Send(pool, Detector(), new OnnxFile().Input("image", 1, 1, 64, 64).Node("DefectFinder9000", ["image"], ["output"]).Output("output", 1, 6, 10).ToArray()).Refused(HttpStatusCode.BadRequest);
        Assert.Contains("DefectFinder9000", operation);
        Assert.NotEmpty(await Send(pool, Detector(), "no network at all"u8.ToArray()).Refused(HttpStatusCode.BadRequest));
        Assert.Contains("model.json cannot be read", await Send(pool, "{\"task\": \"detect\", \"classes\": 3}", Yolo()).Refused(HttpStatusCode.BadRequest));
        Assert.Contains("has the hash", await Send(pool, Detector() with { Sha256 = new('0', 64) }, Yolo()).Refused(HttpStatusCode.BadRequest));
        Assert.Empty(await pool.Client.Get<List<ModelRow>>($"{pool.Address}/models"));
    }

    [Fact]
    public async Task Three_gigabytes_are_refused_before_they_are_sent()
    {
        Pool pool = await Pool.StartAsync(Hub);
        using HttpRequestMessage request = new(HttpMethod.Post, $"{pool.Address}/models") { Content = new Endless(3L << 30), Headers = { ExpectContinue = true } };
        // Waits for the hub's word before it sends, however busy the machine is.
        using HttpClient patient = new(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(2) }) { BaseAddress = Hub.Address };
        patient.DefaultRequestHeaders.Authorization = new("Bearer", pool.Scientist.Token);
        Assert.Contains("larger than 2 GB", await patient.SendAsync(request).Refused(HttpStatusCode.RequestEntityTooLarge));
    }

    private static Task<HttpResponseMessage> Send(Pool pool, ModelManifest manifest, byte[] onnx) => Send(pool, JsonSerializer.Serialize(manifest, ContractJson.Options), onnx);

    private static async Task<HttpResponseMessage> Send(Pool pool, string manifest, byte[] onnx)
    {
        using MultipartFormDataContent form = new() { { new StringContent(manifest), "description" }, { new ByteArrayContent(onnx), "network", "model.onnx" } };
        return await pool.Client.PostAsync($"{pool.Address}/models", form);
    }

    /// <summary>Says how long it is, and would send zeros.</summary>
    private sealed class Endless : HttpContent
    {
        private readonly long length;

        public Endless(long length)
        {
            this.length = length;
            Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            byte[] zeros = new byte[1 << 20];
            for (long sent = 0; sent < length; sent += zeros.Length)
                await stream.WriteAsync(zeros);
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }
}
