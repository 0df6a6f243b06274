using System.Globalization;
using System.Text;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Progress;

/// <summary>The progress of a campaign as CSV: a row for each person and day.</summary>
internal sealed class ExportProgress(GetProgress progress)
{
    public async Task<Result<string>> HandleAsync(Guid project, Guid campaign, int days, CancellationToken cancel) =>
        (await progress.HandleAsync(project, campaign, days, cancel)).Map(Write);

    internal static string Write(ProgressReport report)
    {
        StringBuilder csv = new("day,person,teams,submitted,skipped,active_minutes\r\n");
        Dictionary<Guid, PersonProgress> people = report.People.ToDictionary(p => p.PersonId);
        foreach (PersonDay row in report.PersonDays)
        {
            PersonProgress person = people[row.PersonId];
            csv.Append(CultureInfo.InvariantCulture, $"{row.Day:yyyy-MM-dd},{ExportAudit.Cell(person.Name)},{ExportAudit.Cell(string.Join("; ", person.Teams))},{row.Submitted},{row.Skipped},{row.ActiveMinutes}\r\n");
        }

        return csv.ToString();
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/projects/{project}/campaigns/{campaign:guid}/progress.csv", async (Guid campaign, int? days, ExportProgress handler, HttpContext http) =>
        {
            Result<string> csv = await handler.HandleAsync(http.ProjectId(), campaign, days ?? 366, http.RequestAborted);
            return csv.Succeeded ? Results.File(Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(csv.Value)).ToArray(), "text/csv; charset=utf-8", "progress.csv") : csv.Error.ToProblem();
        })
        .Requires(HubAction.ProgressRead).Produces(200, contentType: "text/csv").WithTags("Campaigns").WithName("ExportProgress").WithSummary("Work per day and person as CSV.");
}
