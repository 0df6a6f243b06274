using System.Globalization;
using System.Net.Http.Headers;
using Perenne.Cli.Hub;
using Perenne.Contracts.Collect;

namespace Perenne.Cli.Collect;

/// <summary>Sends one file in pieces. After a broken connection or a restart of the hub it asks how far the hub is and goes on from there.</summary>
internal static class LargeFile
{
    private const int PieceBytes = 16 << 20, Attempts = 6;

    /// <param name="facts">With "fileName"; the rest as in the query of a plain upload.</param>
    public static async Task<IntakeAnswer> SendAsync(HubClient hub, string project, string path, string hash, IReadOnlyDictionary<string, string> facts, CancellationToken cancel)
    {
        await using FileStream file = File.OpenRead(path);
        StartUploadRequest announced = new(facts["fileName"], file.Length, hash, facts.Where(f => f.Key != "fileName").ToDictionary());
        UploadState state = await hub.PostAsync<UploadState>($"{project}/uploads", announced, cancel);
        string upload = $"{project}/uploads/{state.Id}";
        byte[] piece = new byte[Math.Min(PieceBytes, file.Length)];
        for (int failures = 0; ;)
        {
            try
            {
                while (state.Offset < state.Length)
                {
                    state = await AppendAsync(hub, upload, file, state.Offset, piece, cancel);
                    failures = 0;
                }

                return (await hub.PostAsync<UploadState>($"{upload}/finish", new { }, cancel)).Answer ?? throw new HubFailure("The hub finished an upload without a verdict.", 0);
            }
            catch (HubFailure failure) when ((failure.IsPassing || failure.Status == 409) && failure.Status != 507 && ++failures < Attempts)
            {
                await Task.Delay(TimeSpan.FromSeconds(Math.Pow(2, failures) / 2), TimeProvider.System, cancel);
                state = await ProgressAsync(hub, upload, cancel) ?? state;
            }
        }
    }

    private static async Task<UploadState> AppendAsync(HubClient hub, string upload, FileStream file, long offset, byte[] piece, CancellationToken cancel)
    {
        file.Position = offset;
        int read = await file.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, cancel);
        using HttpRequestMessage request = new(HttpMethod.Patch, upload) { Content = new ByteArrayContent(piece, 0, read) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        request.Headers.Add("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture));
        return await hub.SendAsync<UploadState>(request, cancel);
    }

    /// <summary>Null while the hub does not answer.</summary>
    private static async Task<UploadState?> ProgressAsync(HubClient hub, string upload, CancellationToken cancel)
    {
        try
        {
            return await hub.GetAsync<UploadState>(upload, cancel);
        }
        catch (HubFailure failure) when (failure.IsPassing)
        {
            return null;
        }
    }
}
