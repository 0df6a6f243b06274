using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Perenne.Contracts.Collect;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Collect.Ingest;

/// <summary>Reads form parts as they come; a file is taken in while the next one is still on its way.</summary>
internal sealed class MultipartIntake(Intake intake, Staging staging, ZipIntake zip)
{
    private const int MaxFieldBytes = 64 << 10;

    public async Task<Result<IntakeAnswer>> TakeAsync(Stream body, string? boundary, IntakeTarget target, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(boundary))
            return HubError.Invalid("Content-Type", "multipart/form-data needs its boundary.");
        MultipartReader reader = new(boundary, body);
        ArrivalFacts facts = new("", "api");
        List<FileVerdict> verdicts = [];
        try
        {
            while (await reader.ReadNextSectionAsync(cancel) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out ContentDispositionHeaderValue? disposition))
                    continue;
                if (disposition.IsFileDisposition())
                    verdicts.AddRange(await TakeFileAsync(section, disposition, target, facts, cancel));
                else if (facts.TrySet(HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "", await FieldAsync(section, cancel), out facts) is { } problem)
                    return HubError.Invalid(disposition.Name.Value ?? "", problem);
            }
        }
        catch (InvalidDataException error)
        {
            return HubError.Invalid("body", $"The form is malformed: {error.Message}");
        }

        return IntakeAnswer.Of(verdicts);
    }

    private async Task<IReadOnlyList<FileVerdict>> TakeFileAsync(
        MultipartSection section, ContentDispositionHeaderValue disposition, IntakeTarget target, ArrivalFacts facts, CancellationToken cancel)
    {
        string name = ArrivalFacts.CleanName((disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName)).Value);
        try
        {
            using StagedFile file = await staging.WriteAsync(section.Body, cancel);
            if (Path.GetExtension(name).Equals(".zip", StringComparison.OrdinalIgnoreCase))
                return (await zip.TakeAsync(file, target, facts with { Way = "zip" }, cancel)).Files;
            return [await intake.TakeAsync(file, target, facts with { FileName = name }, cancel)];
        }
        catch (FileTooLargeException error)
        {
            return [new(name, FileOutcome.Refused, Reason: error.Message)];
        }
    }

    private static async Task<string> FieldAsync(MultipartSection section, CancellationToken cancel)
    {
        byte[] bytes = new byte[MaxFieldBytes + 1];
        int read = await section.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancel);
        return read > MaxFieldBytes ? throw new InvalidDataException("a field is longer than 64 KB") : Encoding.UTF8.GetString(bytes, 0, read);
    }
}
