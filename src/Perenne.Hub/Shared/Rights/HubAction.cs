namespace Perenne.Hub.Shared.Rights;

/// <summary>Everything that is guarded. An endpoint or page names exactly one.</summary>
internal enum HubAction
{
    // The signed-in person's own affairs: profile, tokens, list of own organizations.
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
}
