using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Perenne.Contracts.Observations;
using Perenne.Contracts.Serving;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Rights;
using Perenne.TestSupport;
using Verdict = Perenne.Contracts.Observations.Verdict;

namespace Perenne.Hub.Tests.Serve;

/// <summary>The registry's models behind /predict and the inference protocol, under the hub's rights.</summary>
public abstract class ServeTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task An_image_is_judged_by_the_champion_or_by_the_version_that_is_named()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestProject pcb = await Hub.Project("pcb", lyon);
        HttpClient scientist = Hub.As(await Hub.Person("sam", Role.DataScientist, lyon)), operator_ = Hub.As(await Hub.Person("olga", Role.Operator, lyon));
        string address = $"/api/v1/projects/{pcb.Slug}/predict";

        string none = await Send(operator_, address).Refused(HttpStatusCode.NotFound);
        Guid seeing = await Upload(scientist, pcb, 1f), blind = await Upload(scientist, pcb, 0f);
        PredictAnswer newest = await Send(operator_, address).Read<PredictAnswer>();
        await scientist.Post($"/api/v1/projects/{pcb.Slug}/models/1/aliases", new { alias = "champion", reason = "better" }).Done();
        PredictAnswer champion = await Send(operator_, address).Read<PredictAnswer>(), named = await Send(operator_, address + "?version=2").Read<PredictAnswer>();
        string unknown = await Send(operator_, address + "?version=9").Refused(HttpStatusCode.NotFound);

        Assert.Contains("No model", none, StringComparison.Ordinal);
        Assert.Equal((blind, Verdict.Ok), (newest.ModelVersionId!.Value, newest.Verdict));
        Assert.Equal((seeing, Verdict.NotOk, "1"), (champion.ModelVersionId!.Value, champion.Verdict, champion.Version));
        Assert.Equal((blind, Verdict.Ok), (named.ModelVersionId!.Value, named.Verdict));
        Assert.Contains("no model version 9", unknown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_inference_protocol_runs_lists_unloads_and_loads_what_the_caller_may_see()
    {
        TestOrganization lyon = await Hub.Organization("lyon"), porto = await Hub.Organization("porto");
        TestProject pcb = await Hub.Project("pcb", lyon);
        HttpClient scientist = Hub.As(await Hub.Person("sam", Role.DataScientist, lyon)), stranger = Hub.As(await Hub.Person("rui", Role.DataScientist, porto)), operator_ = Hub.As(await Hub.Person("olga", Role.Operator, lyon));
        await Upload(scientist, pcb, 1f);
        string model = $"/v2/models/{pcb.Slug}";
        var request = new { inputs = new[] { new { name = "image", shape = new[] { 1, 1, 64, 64 }, datatype = "FP32", data = Enumerable.Range(0, 4096).Select(i => i / 4096f) } } };

        JsonElement metadata = await scientist.Get<JsonElement>(model), answer = await scientist.Post(model + "/infer", request).Read<JsonElement>();
        JsonElement mine = await scientist.Post("/v2/repository/index", new { }).Read<JsonElement>(), theirs = await stranger.Post("/v2/repository/index", new { }).Read<JsonElement>();
        await stranger.Post(model + "/infer", request).Refused(HttpStatusCode.NotFound);
        await operator_.Post($"/v2/repository/models/{pcb.Slug}/unload", new { }).Refused(HttpStatusCode.Forbidden);
        await scientist.Post($"/v2/repository/models/{pcb.Slug}/unload", new { }).Done();
        HttpResponseMessage off = await scientist.Post(model + "/infer", request);
        await scientist.Post($"/v2/repository/models/{pcb.Slug}/load", new { }).Done();

        Assert.Equal("image", metadata.GetProperty("inputs")[0].GetProperty("name").GetString());
        Assert.Equal(64, answer.GetProperty("outputs").EnumerateArray().Single(o => o.GetProperty("name").GetString() == "scores").GetProperty("data").GetArrayLength());
        Assert.Equal([pcb.Slug], mine.EnumerateArray().Select(m => m.GetProperty("name").GetString()));
        Assert.Equal(0, theirs.GetArrayLength());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, off.StatusCode);
        await scientist.Post(model + "/infer", request).Done();
    }

    private static async Task<HttpResponseMessage> Send(HttpClient client, string address)
    {
        using ByteArrayContent image = new(Spot()) { Headers = { ContentType = new MediaTypeHeaderValue("image/bmp") } };
        return await client.PostAsync(address, image);
    }

    private static byte[] Spot()
    {
        byte[] bytes = new byte[54 + (64 * 64 * 3)];
        using BinaryWriter w = new(new MemoryStream(bytes));
        w.Write("BM"u8);
        foreach (int word in new[] { bytes.Length, 0, 54, 40, 64, 64, 1 | (24 << 16) })
            w.Write(word);
        bytes.AsSpan(54).Fill(40);
        for (int y = 24; y < 32; y++)
            bytes.AsSpan(54 + (((y * 64) + 16) * 3), 24).Fill(255);
        return bytes;
    }

    private static async Task<Guid> Upload(HttpClient client, TestProject project, float gain)
    {
        string folder = Directory.CreateTempSubdirectory("perenne-model-").FullName;
        try
        {
            TestModels.BrightSpots(folder, gain: gain);
            using MultipartFormDataContent form = new()
            {
                { new StringContent(await File.ReadAllTextAsync(Path.Combine(folder, "model.json"))), "description" },
                { new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(folder, "model.onnx"))), "network", "model.onnx" },
            };
            return (await client.PostAsync($"/api/v1/projects/{project.Slug}/models", form).Read<ModelUploaded>()).Id;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

public sealed class ServeTestsOnSqlite(SqliteHub hub) : ServeTests(hub), IClassFixture<SqliteHub>;

public sealed class ServeTestsOnPostgres(PostgresHub hub) : ServeTests(hub), IClassFixture<PostgresHub>;
