using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

internal enum SchemaOperation
{
    /// <summary>Annotations of Class count as those of Into.</summary>
    Merge,

    Retire,

    /// <summary>Undoes Merge and Retire.</summary>
    BringBack,

    /// <summary>The classes of Version again.</summary>
    Restore,
}

/// <param name="BasedOn">The version the editor saw.</param>
internal sealed record ChangeSchemaRequest(int BasedOn, SchemaOperation Operation, Guid? Class = null, Guid? Into = null, int? Version = null, string Comment = "")
{
    [JsonIgnore]
    public Guid ProjectId { get; init; }
}

/// <summary>One named edit of a label schema, for programs and for the buttons of the page.</summary>
internal sealed class ChangeSchema(HubDbContext db, SaveSchema save)
{
    public async Task<Result<SchemaRow>> HandleAsync(ChangeSchemaRequest request, CancellationToken cancel)
    {
        SchemaVersion? old = request.Operation == SchemaOperation.Restore
            ? await db.Set<SchemaVersion>().AsNoTracking().SingleOrDefaultAsync(v => v.ProjectId == request.ProjectId && v.Number == request.Version, cancel)
            : null;
        if (request.Operation == SchemaOperation.Restore && old is null)
            return HubError.Invalid("version", $"There is no version {request.Version} of this label schema.");
        string comment = request.Comment is { Length: > 0 } given ? given : old is null ? "" : $"Version {old.Number} again";
        return await save.ChangeAsync(request.ProjectId, request.BasedOn, comment, classes => Apply(request, classes, old), cancel);
    }

    private static Result<IReadOnlyList<LabelClass>> Apply(ChangeSchemaRequest request, IReadOnlyList<LabelClass> classes, SchemaVersion? old)
    {
        if (old is not null)
            return Of(SchemaEdits.Restore(classes, old.Classes));
        if (request.Class is not { } id || !classes.Any(c => c.Id == id))
            return HubError.Invalid("class", "This class is not in the label schema.");
        return request.Operation switch
        {
            SchemaOperation.Merge when request.Into is { } into && into != id && classes.Any(c => c.Id == into && c.IsOffered) => Of(SchemaEdits.Merge(classes, id, into)),
            SchemaOperation.Merge => HubError.Invalid("into", "Merge into another class that is in use."),
            SchemaOperation.Retire => Of(SchemaEdits.Retire(classes, id)),
            SchemaOperation.BringBack => Of(SchemaEdits.BringBack(classes, id)),
            _ => HubError.Invalid("operation", "Use merge, retire, bringBack or restore."),
        };
    }

    // Conversion operators do not apply to interface types.
    private static Result<IReadOnlyList<LabelClass>> Of(IReadOnlyList<LabelClass> classes) => classes.ToList();

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/projects/{project}/schema/changes", async (ChangeSchemaRequest request, ChangeSchema handler, HttpContext http, CancellationToken cancel) =>
            (await handler.HandleAsync(request with { ProjectId = http.ProjectId() }, cancel)).ToOk())
        .Requires(HubAction.SchemaEdit).Produces<SchemaRow>().WithTags("Label schema").WithName("ChangeSchema")
        .WithExample(new ChangeSchemaRequest(2, SchemaOperation.Retire, RequestExample.Id, Comment: "Not used any more"))
        .WithSummary("Merge, retire or bring back a class, or restore a former version. Each makes a new version.");
}
