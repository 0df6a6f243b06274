using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Perenne.Contracts;
using Perenne.Inference;

namespace Perenne.Serving.Oip;

/// <summary>A request that was read: JSON alone, or JSON followed by the tensors' bytes (binary data extension).</summary>
internal sealed record OipCall(OipRequest Request, RawTensor Input, string[] Outputs, HashSet<string> BinaryOutputs);

/// <summary>Reads an inference request. What is wrong becomes a <see cref="FrameException"/> with one sentence.</summary>
internal static class OipBody
{
    public const string HeaderLength = "Inference-Header-Content-Length";

    public static async Task<OipCall> ReadAsync(HttpRequest http, CancellationToken cancel)
    {
        using MemoryStream stream = new(http.ContentLength is > 0 and <= int.MaxValue and var n ? (int)n : 0);
        await http.Body.CopyToAsync(stream, cancel);
        ReadOnlyMemory<byte> body = stream.GetBuffer().AsMemory(0, (int)stream.Length);
        int json = body.Length;
        if (http.Headers[HeaderLength].ToString() is { Length: > 0 } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out json) || json > body.Length))
            throw new FrameException($"The header {HeaderLength} says '{text}', but the body has {body.Length} bytes.");
        OipRequest request = Parse(body.Span[..json]);
        if (request.Inputs is not [var input])
            throw new FrameException($"The request has {request.Inputs?.Count ?? 0} inputs; one is expected.");
        if (input.Datatype != "FP32")
            throw new FrameException($"The input '{input.Name}' is {input.Datatype}; FP32 is expected.");
        bool all = Flag(request.Parameters, "binary_data_output");
        return new OipCall(request, new RawTensor(input.Name, input.Shape, Numbers(input, body[json..])),
            [.. (request.Outputs ?? []).Select(o => o.Name)], [.. (request.Outputs ?? []).Where(o => Flag(o.Parameters, "binary_data") || (all && !Has(o.Parameters))).Select(o => o.Name), .. all && request.Outputs is null or [] ? ["*"] : Array.Empty<string>()]);
    }

    private static OipRequest Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<OipRequest>(json, ContractJson.Options) ?? throw new FrameException("The request is null.");
        }
        catch (JsonException e)
        {
            throw new FrameException($"The request is not what the protocol says at {e.Path ?? "$"}: {e.Message}");
        }
    }

    private static float[] Numbers(OipInput input, ReadOnlyMemory<byte> binary)
    {
        if (input.Parameters?.TryGetValue("binary_data_size", out JsonElement size) != true)
            return FromJson(input);
        int bytes = size.TryGetInt32(out int s) ? s : -1;
        if (bytes != binary.Length || bytes % 4 != 0)
            throw new FrameException($"The input '{input.Name}' announces {size} bytes; {binary.Length} follow the JSON part.");
        float[] data = MemoryMarshal.Cast<byte, float>(binary.Span).ToArray();
        if (!BitConverter.IsLittleEndian)
            for (int i = 0; i < data.Length; i++)
                data[i] = BinaryPrimitives.ReadSingleLittleEndian(binary.Span[(4 * i)..]);
        return data;
    }

    private static float[] FromJson(OipInput input)
    {
        if (input.Data is not { ValueKind: JsonValueKind.Array } array)
            throw new FrameException($"The input '{input.Name}' has no data. Send 'data' as a list of numbers, or binary data with binary_data_size.");
        List<float> numbers = [];
        Flatten(array, numbers, input.Name);
        return [.. numbers];
    }

    /// <summary>The protocol allows nested lists as well as a flat one.</summary>
    private static void Flatten(JsonElement array, List<float> into, string name)
    {
        foreach (JsonElement e in array.EnumerateArray())
        {
            if (e.ValueKind == JsonValueKind.Array)
                Flatten(e, into, name);
            else if (e.ValueKind == JsonValueKind.Number && e.TryGetSingle(out float v))
                into.Add(v);
            else
                throw new FrameException($"The data of '{name}' holds '{e}', which is no number.");
        }
    }

    private static bool Has(Dictionary<string, JsonElement>? parameters) => parameters?.ContainsKey("binary_data") == true;

    private static bool Flag(Dictionary<string, JsonElement>? parameters, string name) => parameters?.TryGetValue(name, out JsonElement v) == true && v.ValueKind == JsonValueKind.True;
}
