using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

internal sealed record SchemaRow(int Number, IReadOnlyList<LabelClass> Classes, string Comment, string CreatedBy, DateTimeOffset CreatedAt)
{
    public static SchemaRow Of(SchemaVersion v) => new(v.Number, v.Classes, v.Comment, v.CreatedByName, v.CreatedAt);
}

internal sealed record SchemaVersionRow(int Number, string Comment, string CreatedBy, DateTimeOffset CreatedAt);

/// <param name="Number">Null: the current version.</param>
internal sealed record ReadSchemaRequest(Guid ProjectId, int? Number = null);

internal sealed class ReadSchema(HubDbContext db)
{
    public async Task<Result<SchemaRow>> HandleAsync(ReadSchemaRequest request, CancellationToken cancel)
    {
        SchemaVersion? version = await Versions(request.ProjectId).Where(v => request.Number == null || v.Number == request.Number).FirstOrDefaultAsync(cancel);
        return version is not null ? SchemaRow.Of(version)
            : request.Number is null ? new SchemaRow(0, [], "", "", default)
            : HubError.NotFound($"Version {request.Number} of this label schema");
    }

    public async Task<Result<IReadOnlyList<SchemaVersionRow>>> ListAsync(Guid project, CancellationToken cancel) =>
        await Versions(project).Select(v => new SchemaVersionRow(v.Number, v.Comment, v.CreatedByName, v.CreatedAt)).ToListAsync(cancel);

    private IQueryable<SchemaVersion> Versions(Guid project) => db.Set<SchemaVersion>().AsNoTracking().Where(v => v.ProjectId == project).OrderByDescending(v => v.Number);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/projects/{project}/schema", async (ReadSchema handler, HttpContext http, CancellationToken cancel) =>
                (await handler.HandleAsync(new(http.ProjectId()), cancel)).ToOk())
            .Requires(HubAction.ProjectRead).Produces<SchemaRow>().WithTags("Label schema").WithName("GetSchema").WithSummary("The current label schema.");
        routes.MapGet("/projects/{project}/schema/versions", async (ReadSchema handler, HttpContext http, CancellationToken cancel) =>
                (await handler.ListAsync(http.ProjectId(), cancel)).ToOk())
            .Requires(HubAction.ProjectRead).Produces<IReadOnlyList<SchemaVersionRow>>().WithTags("Label schema").WithName("ListSchemaVersions").WithSummary("Every version, newest first.");
        routes.MapGet("/projects/{project}/schema/versions/{number:int}", async (int number, ReadSchema handler, HttpContext http, CancellationToken cancel) =>
                (await handler.HandleAsync(new(http.ProjectId(), number), cancel)).ToOk())
            .Requires(HubAction.ProjectRead).Produces<SchemaRow>().WithTags("Label schema").WithName("GetSchemaVersion").WithSummary("One version of the label schema.");
    }
}
