using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <summary>The whole log as CSV, streamed.</summary>
internal sealed class ExportAudit(ListAudit list)
{
    public async Task WriteAsync(ListAuditRequest request, Stream output, CancellationToken cancel)
    {
        await using StreamWriter writer = new(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        await writer.WriteLineAsync("at,who,action,subject,detail,from");
        await foreach (AuditRow row in list.Rows(request).AsAsyncEnumerable().WithCancellation(cancel))
            await writer.WriteLineAsync(string.Join(',', row.At.ToString("O", CultureInfo.InvariantCulture), Cell(row.Actor), Cell(row.Action), Cell(row.Subject), Cell(row.Detail), Cell(row.Origin)));
    }

    // A leading = + - @ is a formula to a spreadsheet, and subjects are typed by people.
    internal static string Cell(string? text)
    {
        text ??= "";
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
            text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/organizations/{organization}/audit.csv", (ExportAudit handler, HttpContext http) =>
        {
            ListAuditRequest request = new(http.OrganizationId());
            return TypedResults.Stream(output => handler.WriteAsync(request, output, http.RequestAborted), "text/csv; charset=utf-8", "audit.csv");
        })
        .Requires(HubAction.AuditRead).WithTags("Audit").WithName("ExportAudit").WithSummary("The whole audit log as CSV.");
}
