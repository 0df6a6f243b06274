using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Datasets;

/// <param name="Test">Share of groups in test; taken by the project's first version only, then frozen. Null: 0.2.</param>
/// <param name="Validation">The same for validation. Null: 0.1.</param>
/// <param name="KeepImported">Whether images imported as "train", "val" or "test" stay there; the project's first version decides. Null: yes.</param>
internal sealed record DatasetDraft(
    string Name, ImageFilter? Filter = null, LabelSource Labels = LabelSource.AcceptedOrImported, IReadOnlyList<Guid>? Classes = null, double? AgreementLeast = null, string Notes = "",
    double? Test = null, double? Validation = null, bool? KeepImported = null);

internal sealed record DatasetCreated(Guid Id, int Number);

/// <summary>Numbers a version and leaves the counting to the background.</summary>
internal sealed class CreateDatasetVersion(HubDbContext db, CurrentAccess access, WriteTurn turn, WorkQueue queue, IdSource ids, TimeProvider time)
{
    /// <param name="id">Of a flow that must not make it twice; null: a new one.</param>
    public async Task<Result<DatasetCreated>> HandleAsync(Guid project, DatasetDraft draft, CancellationToken cancel, Guid? id = null)
    {
        if (Problem(draft) is { } problem)
            return problem;
        ImageFilter filter = draft.Filter ?? new();
        Result<List<Guid>> organizations = await VisibleOrganizations.InAsync(db, project, null, filter.Organization, cancel);
        if (!organizations.Succeeded)
            return organizations.Error;
        if (await UnknownClassAsync(project, draft.Classes, cancel) is { } unknown)
            return unknown;
        Guid owner = await db.Set<Project>().Where(p => p.Id == project).Select(p => p.OwnerOrganizationId).SingleAsync(cancel);
        DatasetCreated made = new(id ?? ids.Next(), 0);
        await turn.RunAsync(db, async () =>
        {
            made = made with { Number = 1 + (await db.Set<DatasetVersion>().Where(v => v.ProjectId == project).MaxAsync(v => (int?)v.Number, cancel) ?? 0) };
            DatasetVersion version = new()
            {
                Id = made.Id, ProjectId = project, OwnerOrganizationId = owner, Number = made.Number, Name = draft.Name.Trim(), Notes = draft.Notes ?? "",
                Query = new(filter, draft.Labels, draft.Classes is { Count: > 0 } ? draft.Classes : null, draft.AgreementLeast), Split = await SplitAsync(project, draft, cancel),
                OrganizationCount = organizations.Value.Count, CreatedBy = access.Actor.Id, CreatedByName = access.Actor.Name, CreatedAt = time.GetUtcNow(),
            };
            db.Add(version);
            db.AddRange(organizations.Value.Select(o => new DatasetOrganization { DatasetVersionId = made.Id, OrganizationId = o }));
            await db.SaveChangesAsync(cancel);
            // Filed under an organization of the maker: the owner's rows may be out of their sight.
            await queue.AddAsync(db, organizations.Value[0], WorkKinds.Dataset, made.Id, cancel);
        }, cancel);
        return made;
    }

    // The first version decides for ever: later ones take the project's rule, so that no image moves between train and test.
    private async Task<SplitRule> SplitAsync(Guid project, DatasetDraft draft, CancellationToken cancel)
    {
        if (await db.Set<ProjectSplit>().AsNoTracking().SingleOrDefaultAsync(s => s.ProjectId == project, cancel) is { } frozen)
            return frozen.Rule;
        SplitRule rule = SplitRule.DefaultFor(project);
        rule = rule with { Test = draft.Test ?? rule.Test, Validation = draft.Validation ?? rule.Validation, KeepImported = draft.KeepImported ?? rule.KeepImported };
        db.Add(new ProjectSplit { ProjectId = project, Rule = rule, FrozenAt = time.GetUtcNow() });
        return rule;
    }

    private static HubError? Problem(DatasetDraft draft) => new Check()
        .Text(draft.Name, "name", "The name", 200)
        .That(draft.Notes is null or { Length: <= 20_000 }, "notes", "Notes have at most 20,000 characters.")
        .That(draft.AgreementLeast is null or (>= 0 and <= 1), "agreementLeast", "The least agreement lies between 0 and 100 %.")
        .That(draft.Test is null or (>= 0 and < 1), "test", "The share of test lies between 0 and 100 %.")
        .That(draft.Validation is null or (>= 0 and < 1), "validation", "The share of validation lies between 0 and 100 %.")
        .That((draft.Test ?? 0) + (draft.Validation ?? 0) < 1, "validation", "Test and validation together leave nothing to train on. Take smaller shares.")
        .Error;

    private async Task<HubError?> UnknownClassAsync(Guid project, IReadOnlyList<Guid>? classes, CancellationToken cancel)
    {
        if (classes is not { Count: > 0 })
            return null;
        IReadOnlyList<LabelClass> known = await db.Set<SchemaVersion>().Where(v => v.ProjectId == project).OrderByDescending(v => v.Number).Select(v => v.Classes).FirstOrDefaultAsync(cancel) ?? [];
        return classes.All(id => known.Any(c => c.Id == id && c.IsOffered)) ? null : HubError.Invalid("classes", "One of the classes is not offered by the project's label schema.");
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/projects/{project}/datasets", async (DatasetDraft draft, CreateDatasetVersion handler, HttpContext http) =>
            (await handler.HandleAsync(http.ProjectId(), draft, http.RequestAborted)).ToCreated(made => $"/api/v1/projects/{http.ProjectId()}/datasets/{made.Number}"))
        .Requires(HubAction.DatasetsEdit).Produces<DatasetCreated>(StatusCodes.Status201Created).WithTags("Datasets").WithName("CreateDatasetVersion")
        .WithExample(new DatasetDraft("November", new() { Quality = Collect.ImageQuality.Usable }))
        .WithSummary("Makes an immutable dataset version from a query over the pool, in the background.");
}
