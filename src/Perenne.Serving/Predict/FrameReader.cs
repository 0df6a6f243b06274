using Microsoft.AspNetCore.Http;
using Perenne.Imaging;

namespace Perenne.Serving;

/// <summary>Pixels of a request. Dispose it after the answer.</summary>
public sealed class RequestFrame : IDisposable
{
    internal RequestFrame(PixelBuffer image, PixelBuffer? reference) => (Image, Reference) = (image, reference);

    public PixelBuffer Image { get; }

    public PixelBuffer? Reference { get; }

    public void Dispose()
    {
        Image.Dispose();
        Reference?.Dispose();
    }
}

/// <summary>Reads the image of a request: the raw body, or a form with <c>image</c> and, for models that compare, <c>reference</c>.</summary>
public static class FrameReader
{
    public const int MaxBytes = 64 << 20;

    /// <returns>The frame, or a sentence.</returns>
    public static async Task<(RequestFrame? Frame, string? Problem)> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        if (!IsForm(request))
            return request.ContentLength == 0 ? (null, "The body is empty. Send an image file as the body, or a form with the field 'image'.") : Both(await BytesAsync(request.Body, request.ContentLength, cancel), null);
        IFormCollection form = await request.ReadFormAsync(cancel);
        if (form.Files["image"] is not { } image)
            return (null, "The form has no file 'image'.");
        await using Stream body = image.OpenReadStream();
        byte[] bytes = await BytesAsync(body, image.Length, cancel);
        if (form.Files["reference"] is not { } reference)
            return Both(bytes, null);
        await using Stream second = reference.OpenReadStream();
        return Both(bytes, await BytesAsync(second, reference.Length, cancel));
    }

    /// <summary>A form with files. What curl --data-binary and many libraries call url-encoded, because nobody said otherwise, is a picture.</summary>
    public static bool IsForm(HttpRequest request) => request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true;

    private static (RequestFrame?, string?) Both(byte[] image, byte[]? reference)
    {
        (PixelBuffer? pixels, string? problem) = Decode(image, "image");
        if (pixels is null)
            return (null, problem);
        if (reference is null)
            return (new RequestFrame(pixels, null), null);
        (PixelBuffer? second, problem) = Decode(reference, "reference");
        if (second is not null)
            return (new RequestFrame(pixels, second), null);
        pixels.Dispose();
        return (null, problem);
    }

    private static (PixelBuffer?, string?) Decode(byte[] bytes, string what)
    {
        using ImageSource source = ImageSource.FromBytes(bytes);
        ProbeResult probe = ImageProbe.Probe(source);
        if (!probe.Accepted)
            return (null, $"The {what} is refused: {probe.Refusal.Sentence}");
        DecodeResult decoded = ImageDecoder.Decode(source, probe.Facts);
        return decoded.Pixels is { } pixels ? (pixels, null) : (null, $"The {what} is refused: {decoded.Refusal!.Sentence}");
    }

    private static async Task<byte[]> BytesAsync(Stream body, long? length, CancellationToken cancel)
    {
        if (length is > 0 and <= MaxBytes)
        {
            byte[] exact = GC.AllocateUninitializedArray<byte>((int)length);
            await body.ReadExactlyAsync(exact, cancel);
            return exact;
        }
        using MemoryStream copy = new();
        await body.CopyToAsync(copy, cancel);
        return copy.ToArray();
    }
}
