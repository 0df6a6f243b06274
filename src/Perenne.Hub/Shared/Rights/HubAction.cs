namespace Perenne.Hub.Shared.Rights;

/// <summary>Everything that is guarded. An endpoint or page names exactly one.</summary>
internal enum HubAction
{
    // Who am I, which organizations and projects are mine.
    SelfRead,

    // The signed-in person's own affairs: profile, password, tokens. A token with this could make itself another token.
    SelfManage,

    // The instance as a whole: create organizations, all users. Only instance administrators.
    InstanceManage,

    OrganizationRead,
    OrganizationEdit,
    MembersRead,
    MembersEdit,
    TeamsEdit,
    ProjectRead,
    ProjectEdit,
    SchemaEdit,
    AuditRead,
    MachinesEdit,

    ImagesRead,
    ImagesAdd,
    ImagesEdit,
    ImagesDelete,
    ImagesExport,
    QualityOverrule,
    QualityEdit,

    CampaignsRead,
    CampaignsEdit,
    TasksAnnotate,
    TasksReview,
    TasksAdjudicate,
    ProgressRead,
    AnnotationsRead,
    AnnotationsAdd,
    ExportsRun,
    WebhooksEdit,

    StationsRead,

    StationsEdit,

    // What a station itself does: fetch its plan and models, deliver segments, images, feedback and heartbeats. Never given to people.
    StationReport,

    DeploymentsRead,

    DeploymentsEdit,

    // Deploy although a gate did not pass.
    DeploymentsOverride,

    ObservationsRead,
    DatasetsRead,
    DatasetsEdit,
    TrainingRead,
    TrainingRun,
    ModelsRead,
    ModelsEdit,
    EvaluationsRead,
    EvaluationsRun,
    AutomationRead,
    AutomationEdit,

    // Drift reports, alerts and what was done to the lines.
    MonitoringRead,
    AlertsHandle,
    LineChangesRecord,
    // Ask a model about an image or a tensor.
    PredictionsRun,

    // Load models into memory and free them.
    ServingManage,
}
