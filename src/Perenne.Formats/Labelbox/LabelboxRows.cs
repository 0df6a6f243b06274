using System.Text.Json;
using Perenne.Formats.Json;

namespace Perenne.Formats.Labelbox;

internal static class LabelboxRows
{
    /// <summary>What tells data rows apart: global key, id, external id or address, in that order.</summary>
    public static string DataRowOf(JsonElement row)
    {
        if (row.ValueKind != JsonValueKind.Object)
            throw JsonTree.Wrong(row, "", "a row: an object with data_row, dataRow or DataRow ID");
        JsonElement? dataRow = row.Get("data_row") ?? row.Get("dataRow");
        if (dataRow is { ValueKind: JsonValueKind.Object } d)
            foreach (string name in (string[])["id", "global_key", "globalKey", "external_id", "row_data"])
                if (d.Scalar(name) is { Length: > 0 } id)
                    return name is "global_key" or "globalKey" ? "key " + id : id;
        return row.Scalar("DataRow ID") ?? row.Scalar("External ID") ?? row.Scalar("Labeled Data")
            ?? throw new RecordException("", "no data row", "data_row, dataRow or DataRow ID");
    }
}
