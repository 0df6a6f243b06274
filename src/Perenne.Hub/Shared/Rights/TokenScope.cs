using System.Collections.Frozen;
using static Perenne.Hub.Shared.Rights.HubAction;

namespace Perenne.Hub.Shared.Rights;

/// <summary>Named sets of actions a personal token may be given.</summary>
internal enum TokenScope
{
    Read,
    Annotate,
    Ingest,
    Write,
    Admin,
}

/// <summary>What each scope lets a token do, within the rights its owner has anyway. The only place that says so.</summary>
internal static class TokenScopes
{
    private static readonly HubAction[] Reading = [SelfRead, OrganizationRead, MembersRead, ProjectRead, AuditRead, ImagesRead, ImagesExport, AnnotationsRead];

    private static readonly HubAction[] Annotating = [.. Reading, QualityOverrule, TasksAnnotate];

    private static readonly FrozenDictionary<TokenScope, HubAction[]> Table = new Dictionary<TokenScope, HubAction[]>
    {
        [TokenScope.Read] = Reading,
        [TokenScope.Annotate] = Annotating,
        [TokenScope.Ingest] = [SelfRead, ProjectRead, ImagesRead, ImagesAdd],
        [TokenScope.Write] = [.. Annotating, ImagesAdd, ImagesEdit, ImagesDelete, AnnotationsAdd, QualityEdit, CampaignsEdit, TeamsEdit, ProjectEdit, SchemaEdit],
        [TokenScope.Admin] = Enum.GetValues<HubAction>(),
    }.ToFrozenDictionary();

    public static IReadOnlySet<HubAction> Actions(IEnumerable<TokenScope> scopes) => scopes.SelectMany(scope => Table[scope]).ToHashSet();
}
