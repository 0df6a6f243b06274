using System.Collections.Frozen;
using static Perenne.Hub.Shared.Rights.HubAction;
using static Perenne.Hub.Shared.Rights.Role;

namespace Perenne.Hub.Shared.Rights;

/// <summary>Who may do what. The only place where rights are decided; the tests generate every case from it.</summary>
internal static class RightsTable
{
    private static readonly Role[] People = [Annotator, Reviewer, Manager, DataScientist, Operator, Administrator];

    private static readonly FrozenDictionary<HubAction, FrozenSet<Role>> Table = new Dictionary<HubAction, Role[]>
    {
        [SelfRead] = [], // Anybody signed in, machines included.
        [SelfManage] = [], // Any signed-in person.
        [InstanceManage] = [], // Instance administrators only.
        [OrganizationRead] = People,
        [OrganizationEdit] = [Administrator],
        [MembersRead] = [Reviewer, Manager, DataScientist, Administrator],
        [MembersEdit] = [Administrator],
        [TeamsEdit] = [Manager, Administrator],
        [ProjectRead] = [.. People, Station],
        [ProjectEdit] = [DataScientist, Administrator],
        [SchemaEdit] = [DataScientist, Administrator],
        [AuditRead] = [Manager, Administrator],
        [MachinesEdit] = [Administrator],
        [ImagesRead] = [.. People, Station],
        [ImagesAdd] = [Manager, DataScientist, Operator, Administrator, Station],
        [ImagesEdit] = [Manager, DataScientist, Administrator],
        [ImagesDelete] = [DataScientist, Administrator],
        [ImagesExport] = [Manager, DataScientist, Administrator],
        [QualityOverrule] = [Reviewer, Manager, DataScientist, Administrator],
        [QualityEdit] = [DataScientist, Administrator],
        [CampaignsRead] = People,
        [CampaignsEdit] = [Manager, Administrator],
        [TasksAnnotate] = [Annotator, Reviewer, Manager, DataScientist, Administrator],
        [TasksReview] = [Reviewer, Manager, DataScientist, Administrator],
        [TasksAdjudicate] = [Reviewer, Manager, DataScientist, Administrator],
        [ProgressRead] = [Reviewer, Manager, DataScientist, Administrator],
        [AnnotationsRead] = [Reviewer, Manager, DataScientist, Administrator],
        [AnnotationsAdd] = [Manager, DataScientist, Administrator, Station],
        [ExportsRun] = [Manager, DataScientist, Administrator],
        [WebhooksEdit] = [DataScientist, Administrator],

        [StationsRead] = People,
        [StationsEdit] = [Administrator],
        [StationReport] = [Station],
        [DeploymentsRead] = People,
        [DeploymentsEdit] = [DataScientist, Administrator],
        [DeploymentsOverride] = [Administrator],
        [ObservationsRead] = People,
        [DatasetsRead] = [Manager, DataScientist, Administrator],
        [DatasetsEdit] = [DataScientist, Administrator],
        [TrainingRead] = [Manager, DataScientist, Administrator],
        [TrainingRun] = [DataScientist, Administrator],
        [ModelsRead] = People,
        [ModelsEdit] = [DataScientist, Administrator],
        [EvaluationsRead] = [Manager, DataScientist, Administrator],
        [EvaluationsRun] = [DataScientist, Administrator],
        [AutomationRead] = [Reviewer, Manager, DataScientist, Administrator],
        [AutomationEdit] = [DataScientist, Administrator],
        [MonitoringRead] = [Reviewer, Manager, DataScientist, Operator, Administrator],
        [AlertsHandle] = [Manager, DataScientist, Administrator],
        [LineChangesRecord] = [Manager, DataScientist, Operator, Administrator],
        [PredictionsRun] = [Reviewer, Manager, DataScientist, Operator, Administrator, Station],
        [ServingManage] = [DataScientist, Administrator],
    }.ToFrozenDictionary(row => row.Key, row => row.Value.ToFrozenSet());

    /// <summary>Unknown actions are refused: a new action has no row until somebody decides.</summary>
    public static bool Allows(Role role, HubAction action) => Table.TryGetValue(action, out FrozenSet<Role>? roles) && roles.Contains(role);

    public static IReadOnlyCollection<Role> RolesFor(HubAction action) => Table[action];

    public static bool IsDecided(HubAction action) => Table.ContainsKey(action);
}
