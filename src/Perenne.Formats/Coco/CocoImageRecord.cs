using System.Collections.Immutable;
using System.Text.Json;
using Perenne.Formats.Json;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Coco;

internal readonly record struct CocoImageRecord(string FileName, ImageSize? Size, ImmutableArray<KeyValuePair<string, string>> Metadata)
{
    public static CocoImageRecord Parse(ReadOnlySpan<byte> record)
    {
        Utf8JsonReader reader = new(record, JsonRead.Options);
        reader.Read();
        JsonRead.ExpectObject(ref reader, "");
        string? file = null;
        double? width = null, height = null;
        var metadata = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = JsonRead.PropertyName(ref reader, "");
            reader.Read();
            switch (name)
            {
                case "file_name": file = JsonRead.Text(ref reader, ".file_name"); break;
                case "width": width = JsonRead.OptionalNumber(ref reader, ".width"); break;
                case "height": height = JsonRead.OptionalNumber(ref reader, ".height"); break;
                default:
                    if (JsonRead.Scalar(ref reader, "." + name) is { Length: > 0 } text)
                        metadata.Add(new(name, text));
                    break;
            }
        }
        if (!SafePath.TryNormalize(file, out string safe))
            throw new RecordException(".file_name", $"the file name \"{file}\" leads outside the data set or is empty", "a relative path without \"..\"");
        ImageSize? size = width is >= 1 and < int.MaxValue && height is >= 1 and < int.MaxValue ? new((int)width, (int)height) : null;
        return new(safe, size, metadata.DrainToImmutable());
    }
}
