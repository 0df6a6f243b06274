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
    private static readonly HubAction[] Reading =
        [SelfRead, OrganizationRead, MembersRead, ProjectRead, AuditRead, ImagesRead, ImagesExport, CampaignsRead, ProgressRead, AnnotationsRead, StationsRead, DeploymentsRead, ObservationsRead,
         DatasetsRead, TrainingRead, ModelsRead, EvaluationsRead, AutomationRead, MonitoringRead, PredictionsRun];

    private static readonly HubAction[] Annotating = [.. Reading, QualityOverrule, TasksAnnotate, TasksReview, TasksAdjudicate];

    private static readonly HubAction[] Writing =
    [
        .. Annotating, ImagesAdd, ImagesEdit, ImagesDelete, AnnotationsAdd, ExportsRun, QualityEdit, CampaignsEdit, TeamsEdit, ProjectEdit, SchemaEdit, DeploymentsEdit,
        DatasetsEdit, TrainingRun, ModelsEdit, EvaluationsRun,
        AutomationEdit, AlertsHandle, LineChangesRecord, ServingManage,
    ];

    /// <summary>
    /// Only a token for administration: what gives rights to others, what makes other secrets, and where data is sent to by itself.
    /// An action that is in no list is refused to every token until somebody decides.
    /// </summary>
    internal static readonly HubAction[] AdministrationOnly = [SelfManage, InstanceManage, OrganizationEdit, MembersEdit, MachinesEdit, WebhooksEdit, StationsEdit, StationReport, DeploymentsOverride];

    private static readonly FrozenDictionary<TokenScope, HubAction[]> Table = new Dictionary<TokenScope, HubAction[]>
    {
        [TokenScope.Read] = Reading,
        [TokenScope.Annotate] = Annotating,
        [TokenScope.Ingest] = [SelfRead, ProjectRead, ImagesRead, ImagesAdd, AnnotationsAdd],
        [TokenScope.Write] = Writing,
        [TokenScope.Admin] = [.. Writing, .. AdministrationOnly],
    }.ToFrozenDictionary();

    /// <summary>The first scope that reaches the action; they are declared from the least to the most.</summary>
    public static TokenScope Least(HubAction action) => Enum.GetValues<TokenScope>().First(scope => Table[scope].Contains(action));

    public static IReadOnlySet<HubAction> Actions(IEnumerable<TokenScope> scopes) => scopes.SelectMany(scope => Table[scope]).ToHashSet();
}
