using GraphQL;
using GraphQL.DataLoader;
using GraphQL.Types;
using Perenne.Hub.Agree.Figures;
using Perenne.Hub.Annotate;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Share.Feed;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Share.Graph;

internal sealed class QueryType : ObjectGraphType
{
    public QueryType()
    {
        Name = "Query";
        Field<List<GraphProject>>("projects", nullable: false).Description("The projects you can see.")
            .ResolveAsync(async context => await context.Access().ProjectsAsync(null, context.CancellationToken));
        Field<GraphProject>("project", nullable: true).Description("One project by its name in addresses.").Argument<string>("slug", nullable: false)
            .ResolveAsync(async context => (await context.Access().ProjectsAsync(context.GetArgument<string>("slug"), context.CancellationToken)).FirstOrDefault());
    }
}

internal sealed class ProjectType : RecordType<GraphProject>
{
    public const int MostInPage = 200;

    public ProjectType()
        : base(p => p.OrganizationIds)
    {
        Name = "Project";
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<OrganizationType>>>>("organizations").Description("Of them those you can see.")
            .Resolve(context => context.Source.OrganizationIds.Select(context.Loaders().Organizations(context.Source).Load).ToArray());
        Images();
        Annotations();
        Field<List<GraphCampaign>>("campaigns", nullable: false).Description("Newest first, with their totals.").ResolveAsync(async context =>
        {
            IReadOnlyList<CampaignRow> rows = await context.Access().ReadAsync<IReadOnlyList<CampaignRow>>(context.Source, HubAction.CampaignsRead, () => context.Get<ListCampaigns>().HandleAsync(context.Source.Id, null, context.CancellationToken));
            return rows.Select(c => GraphCampaign.Of(context.Source, c)).ToList();
        });
        Field<GraphAgreement>("agreement", nullable: false).Description("How well annotators agree in the project.")
            .ResolveAsync(async context => await context.AgreementAsync(context.Source, null));
    }

    private void Images() => Field<GraphImages>("images", nullable: false).Description("Newest first, page by page.")
        .Argument<int>("first", nullable: true, arg => { arg.Description = $"1 to {MostInPage}."; arg.DefaultValue = 50; })
        .Argument<string>("after", nullable: true, "The endCursor of the page before.")
        .Argument<bool>("annotated", nullable: true).Argument<string>("camera", nullable: true).Argument<string>("organization", nullable: true, "Slug or id.")
        .ResolveAsync(async context =>
        {
            ImageFilter filter = new()
            {
                Annotated = context.GetArgument<bool?>("annotated"),
                Camera = context.GetArgument<string?>("camera"),
                Organization = context.GetArgument<string?>("organization") is { } one ? [one] : null,
            };
            ImagePage page = await context.Access().ReadAsync<ImagePage>(context.Source, HubAction.ImagesRead, () => context.Get<ListImages.Handler>().HandleAsync(
                new(context.Source.Id, null, filter, ImageSort.Newest, context.GetArgument<string?>("after"), context.First()), context.CancellationToken));
            return new GraphImages([.. page.Images.Select(i => GraphLoaders.ToGraph(context.Source, i))], new(page.Next is not null, page.Next));
        });

    private void Annotations() => Field<GraphAnnotations>("annotations", nullable: false)
        .Description("In the order of their last change. Keep endCursor: with it the next query gives what has changed since.")
        .Argument<int>("first", nullable: true, arg => { arg.Description = $"1 to {MostInPage}."; arg.DefaultValue = 50; })
        .Argument<string>("after", nullable: true, "The endCursor of the page before.")
        .Argument<AnnotationStage>("state", nullable: true, arg => arg.DefaultValue = AnnotationStage.GroundTruth)
        .Argument<Guid>("campaign", nullable: true)
        .ResolveAsync(async context =>
        {
            AnnotationPage page = await context.Access().ReadAsync<AnnotationPage>(context.Source, HubAction.AnnotationsRead, () => context.Get<ListAnnotations>().HandleAsync(
                new(context.Source.Id, null, context.GetArgument("state", AnnotationStage.GroundTruth), context.GetArgument<Guid?>("campaign"), context.GetArgument<string?>("after"), context.First()),
                context.CancellationToken));
            return new GraphAnnotations([.. page.Annotations.Select(a => GraphAnnotation.Of(context.Source, a))], new(page.More, page.Since));
        });
}

internal sealed class OrganizationType : RecordType<GraphOrganization>
{
    public OrganizationType() => Name = "Organization";
}

internal sealed class ImageType : RecordType<GraphImage>
{
    public ImageType()
        : base(i => i.Project, i => i.OrganizationId)
    {
        Name = "Image";
        Field<OrganizationType>("organization").Resolve(context => context.Loaders().Organizations(context.Source.Project).Load(context.Source.OrganizationId));
        Field<AnnotationType>("groundTruth").Description("The accepted annotation; null while there is none.")
            .Resolve(context => context.Loaders().Truths(context.Source.Project).Load(context.Source.Id));
    }
}

internal sealed class AnnotationType : RecordType<GraphAnnotation>
{
    public AnnotationType()
        : base(a => a.Project)
    {
        Name = "Annotation";
        Field<ImageType>("image").Description("Null once it was deleted.")
            .Resolve(context => context.Loaders().Images(context.Source.Project).Load(context.Source.ImageId));
    }
}

internal sealed class CampaignType : RecordType<GraphCampaign>
{
    public CampaignType()
        : base(c => c.Project, c => c.OrganizationId)
    {
        Name = "Campaign";
        Field<OrganizationType>("organization").Resolve(context => context.Loaders().Organizations(context.Source.Project).Load(context.Source.OrganizationId));
        Field<GraphAgreement>("agreement", nullable: false).ResolveAsync(async context => await context.AgreementAsync(context.Source.Project, context.Source.Id));
    }
}

internal static class GraphContext
{
    public static T Get<T>(this IResolveFieldContext context)
        where T : notnull => context.RequestServices!.GetRequiredService<T>();

    public static GraphAccess Access(this IResolveFieldContext context) => context.Get<GraphAccess>();

    public static GraphLoaders Loaders(this IResolveFieldContext context) => context.Get<GraphLoaders>();

    public static int First(this IResolveFieldContext context) => context.GetArgument("first", 50) is >= 1 and <= ProjectType.MostInPage and var first
        ? first
        : throw new ExecutionError($"'first' is a number from 1 to {ProjectType.MostInPage}.") { Code = "invalid-input" };

    public static async Task<GraphAgreement> AgreementAsync(this IResolveFieldContext context, GraphProject project, Guid? campaign) => GraphAgreement.Of(
        await context.Access().ReadAsync<AgreementReport>(project, HubAction.ProgressRead, () => context.Get<GetAgreement>().HandleAsync(project.Id, campaign, context.CancellationToken)));
}
