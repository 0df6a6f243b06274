using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using Perenne.Contracts;
using Perenne.Contracts.Observations;
using Perenne.Contracts.Serving;
using Perenne.Imaging;
using Perenne.Serving.Grpc;
using Perenne.TestSupport;

namespace Perenne.Station.Tests;

public sealed class ServingTests : IAsyncLifetime
{
    private readonly TempFolder temp = new();
    private TestStation station = null!;

    public async ValueTask InitializeAsync() => station = await TestStation.StartAsync(temp["s"], null, $"--Station:Model={TestModels.BrightSpots(temp["m"])}");

    public async ValueTask DisposeAsync()
    {
        await station.DisposeAsync();
        temp.Dispose();
    }

    [Fact]
    public async Task Predict_takes_an_image_and_answers_boxes_verdict_and_version()
    {
        PredictAnswer answer = await PredictAsync(SpotPicture.Of(true));
        Assert.Equal((Verdict.NotOk, "bright-spots", "local", 64, 64), (answer.Verdict, answer.Model, answer.Version, answer.Width, answer.Height));
        PredictedBox box = Assert.Single(answer.Detections, d => d.Counts);
        Assert.Equal("spot", box.Class);
        Assert.Equal([14, 22, 12, 12], box.Box);
        Assert.Equal(Verdict.Ok, (await PredictAsync(SpotPicture.Of(false))).Verdict);
    }

    [Theory]
    [InlineData("/predict/bright-spots", "no picture at all", 400, "image-refused")]
    [InlineData("/predict/other", "", 400, "image-refused")]
    [InlineData("/predict/other", "picture", 404, "no-model")]
    [InlineData("/predict/bright-spots?version=9", "picture", 404, "no-model")]
    public async Task What_cannot_be_judged_is_refused_with_a_sentence(string address, string body, int status, string code)
    {
        using ByteArrayContent content = new(body == "picture" ? SpotPicture.Of(true) : Encoding.UTF8.GetBytes(body));
        using HttpResponseMessage answer = await station.Http.PostAsync(address, content);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(code, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_inference_protocol_tells_server_model_and_readiness()
    {
        Assert.Contains("binary_tensor_data", await station.Http.GetStringAsync("/v2"), StringComparison.Ordinal);
        foreach (string address in new[] { "/v2/health/live", "/v2/health/ready", "/v2/models/bright-spots/ready", "/v2/models/bright-spots/versions/local/ready" })
            Assert.Equal(HttpStatusCode.OK, (await station.Http.GetAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await station.Http.GetAsync("/v2/models/other/ready")).StatusCode);
        using JsonDocument model = JsonDocument.Parse(await station.Http.GetStringAsync("/v2/models/bright-spots"));
        Assert.Equal("onnxruntime_onnx", model.RootElement.GetProperty("platform").GetString());
        JsonElement input = Assert.Single(model.RootElement.GetProperty("inputs").EnumerateArray());
        Assert.Equal(("image", "FP32"), (input.GetProperty("name").GetString(), input.GetProperty("datatype").GetString()));
        Assert.Equal([-1, 1, -1, -1], input.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()));
        using HttpResponseMessage index = await station.Http.PostAsync("/v2/repository/index", null);
        Assert.Contains("\"READY\"", await index.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_and_binary_inference_give_the_same_numbers_as_the_session()
    {
        float[] tensor = Tensor();
        string json = JsonSerializer.Serialize(new { id = "7", inputs = new[] { new { name = "image", shape = new[] { 1, 1, 64, 64 }, datatype = "FP32", data = tensor } }, outputs = new[] { new { name = "scores" } } });
        using HttpResponseMessage plain = await station.Http.PostAsync("/v2/models/bright-spots/infer", new StringContent(json, Encoding.UTF8, "application/json"));
        using JsonDocument answer = JsonDocument.Parse(await plain.Content.ReadAsStringAsync());
        JsonElement scores = Assert.Single(answer.RootElement.GetProperty("outputs").EnumerateArray());
        float[] fromJson = [.. scores.GetProperty("data").EnumerateArray().Select(v => v.GetSingle())];
        Assert.Equal("7", answer.RootElement.GetProperty("id").GetString());
        Assert.Equal(Expected(tensor), fromJson);

        byte[] head = Encoding.UTF8.GetBytes("{\"parameters\":{\"binary_data_output\":true},\"inputs\":[{\"name\":\"image\",\"shape\":[1,1,64,64],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":16384}}],\"outputs\":[{\"name\":\"scores\"}]}");
        using ByteArrayContent body = new([.. head, .. MemoryMarshal.AsBytes<float>(tensor)]);
        body.Headers.Add("Inference-Header-Content-Length", $"{head.Length}");
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using HttpResponseMessage binary = await station.Http.PostAsync("/v2/models/bright-spots/infer", body);
        byte[] bytes = await binary.Content.ReadAsByteArrayAsync();
        int length = int.Parse(binary.Headers.GetValues("Inference-Header-Content-Length").Single(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(fromJson, MemoryMarshal.Cast<byte, float>(bytes.AsSpan(length)).ToArray());
    }

    [Theory]
    [InlineData("{\"inputs\":[]}", "0 inputs")]
    [InlineData("{\"inputs\":[{\"name\":\"image\",\"shape\":[1,1,64,64],\"datatype\":\"INT8\",\"data\":[1]}]}", "FP32 is expected")]
    [InlineData("{\"inputs\":[{\"name\":\"image\",\"shape\":[1,1,64,64],\"datatype\":\"FP32\",\"data\":[1]}]}", "needs 4096 numbers; 1 were sent")]
    [InlineData("{\"inputs\":[{\"name\":\"image\",\"shape\":[1,3,64,64],\"datatype\":\"FP32\",\"data\":[1]}]}", "the model takes [any, 1, any, any]")]
    [InlineData("{\"inputs\":[{\"name\":\"x\",\"shape\":[1,1,64,64],\"datatype\":\"FP32\",\"data\":[1]}]}", "its input is 'image'")]
    [InlineData("{\"inputs\":[{\"name\":\"image\",\"shape\":[1,1,1,1],\"datatype\":\"FP32\",\"data\":[\"a\"]}]}", "which is no number")]
    [InlineData("{", "not what the protocol says")]
    public async Task A_wrong_inference_request_says_what_is_wrong(string json, string expected)
    {
        using HttpResponseMessage answer = await station.Http.PostAsync("/v2/models/bright-spots/infer", new StringContent(json, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(expected, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_grpc_client_of_the_protocol_works()
    {
        using GrpcChannel channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = station.Handler });
        GRPCInferenceService.GRPCInferenceServiceClient client = new(channel);
        Assert.True((await client.ServerLiveAsync(new ServerLiveRequest())).Live);
        Assert.True((await client.ModelReadyAsync(new ModelReadyRequest { Name = "bright-spots" })).Ready);
        Assert.False((await client.ModelReadyAsync(new ModelReadyRequest { Name = "other" })).Ready);
        Assert.Equal("image", Assert.Single((await client.ModelMetadataAsync(new ModelMetadataRequest { Name = "bright-spots" })).Inputs).Name);
        float[] tensor = Tensor();
        ModelInferRequest request = new() { ModelName = "bright-spots", Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "image", Datatype = "FP32", Shape = { 1, 1, 64, 64 }, Contents = new InferTensorContents { Fp32Contents = { tensor } } } } };
        ModelInferResponse typed = await client.ModelInferAsync(request);
        int at = typed.Outputs.ToList().FindIndex(o => o.Name == "scores");
        Assert.Equal(Expected(tensor), MemoryMarshal.Cast<byte, float>(typed.RawOutputContents[at].Span).ToArray());
        request.Inputs[0].Shape[1] = 3;
        RpcException wrong = await Assert.ThrowsAsync<RpcException>(() => client.ModelInferAsync(request).ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, wrong.StatusCode);
    }

    private async Task<PredictAnswer> PredictAsync(byte[] image)
    {
        using ByteArrayContent content = new(image);
        using HttpResponseMessage answer = await station.Http.PostAsync("/predict/bright-spots", content);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize<PredictAnswer>(text, ContractJson.Options)!;
    }

    private static float[] Tensor()
    {
        Random random = new(5);
        return [.. Enumerable.Range(0, 4096).Select(_ => random.NextSingle())];
    }

    /// <summary>The maximum of each 8 × 8 cell, which is what the network computes.</summary>
    private static float[] Expected(float[] tensor) =>
        [.. Enumerable.Range(0, 64).Select(cell => Enumerable.Range(0, 64).Max(i => tensor[(cell / 8 * 8 + i / 8) * 64 + cell % 8 * 8 + i % 8]))];
}
