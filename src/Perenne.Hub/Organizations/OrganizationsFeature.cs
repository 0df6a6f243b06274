using System.Text.Json;
using System.Text.Json.Serialization;
using Perenne.Hub.Shared;

namespace Perenne.Hub.Organizations;

/// <summary>Organizations, people, rights, projects, label schemas.</summary>
internal static class OrganizationsFeature
{
    public static void AddOrganizations(this IServiceCollection services, HubOptions options)
    {
        services.AddHttpContextAccessor();
        services.AddHubIdentity(options);
        services.AddHubDataProtection(options.DataProtection);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.AllowOutOfOrderMetadataProperties = true;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        });

        services.AddSingleton<AttemptLimiter>();
        services.AddScoped<AuditLog>().AddScoped<Mailer>().AddScoped<Memberships>().AddScoped<SetUpLink>();
        services.AddScoped<SignIn>().AddScoped<OpenIdSignIn>().AddScoped<SetUp>().AddScoped<ResetPassword>().AddScoped<ChangePassword>();
        services.AddScoped<GetMe>().AddScoped<EditMe>().AddScoped<CreateToken>().AddScoped<ManageTokens>();
        services.AddScoped<CreateOrganization>().AddScoped<EditOrganization>().AddScoped<ListOrganizations>();
        services.AddScoped<ListUsers>().AddScoped<DisableUser>();
        services.AddScoped<ListMembers>().AddScoped<ChangeMember>().AddScoped<OfferPasswordReset>();
        services.AddScoped<Invite>().AddScoped<ManageInvitations>().AddScoped<AcceptInvitation>();
        services.AddScoped<ManageTeams>().AddScoped<ManageMachines>().AddScoped<EnrolMachine>();
        services.AddScoped<CreateProject>().AddScoped<EditProject>().AddScoped<ListProjects>().AddScoped<ShareProject>().AddScoped<UnshareProject>();
        services.AddScoped<ReadSchema>().AddScoped<SaveSchema>().AddScoped<ChangeSchema>();
        services.AddScoped<ListAudit>().AddScoped<ExportAudit>();
    }

    public static void MapOrganizations(this IEndpointRouteBuilder routes, HubOptions options)
    {
        if (options.OpenId.IsConfigured)
            OpenIdSignIn.Map(routes);
        RouteGroupBuilder api = routes.MapGroup("/api/v1");
        SignIn.Map(api);
        SetUp.Map(api);
        ResetPassword.Map(api);
        ChangePassword.Map(api);
        GetMe.Map(api);
        EditMe.Map(api);
        CreateToken.Map(api);
        ManageTokens.Map(api);
        CreateOrganization.Map(api);
        EditOrganization.Map(api);
        ListOrganizations.Map(api);
        ArchiveOrganization.Map(api);
        ListUsers.Map(api);
        DisableUser.Map(api);
        ListMembers.Map(api);
        ChangeMember.Map(api);
        OfferPasswordReset.Map(api);
        Invite.Map(api);
        ManageInvitations.Map(api);
        AcceptInvitation.Map(api);
        ManageTeams.Map(api);
        ManageMachines.Map(api);
        EnrolMachine.Map(api);
        CreateProject.Map(api);
        EditProject.Map(api);
        ListProjects.Map(api);
        ShareProject.Map(api);
        UnshareProject.Map(api);
        ReadSchema.Map(api);
        SaveSchema.Map(api);
        ChangeSchema.Map(api);
        ListAudit.Map(api);
        ExportAudit.Map(api);
    }
}
