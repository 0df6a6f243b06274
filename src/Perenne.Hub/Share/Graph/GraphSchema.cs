using System.Reflection;
using GraphQL;
using GraphQL.Types;
using GraphQL.Utilities;
using Perenne.Hub.Agree.Figures;
using Perenne.Hub.Annotate;

namespace Perenne.Hub.Share.Graph;

/// <summary>The schema: plain records by reflection, and a type of its own for each that has fields to resolve.</summary>
internal sealed class GraphSchema : Schema
{
    public GraphSchema()
    {
        Description = "Reads projects, images, annotations, campaigns and agreement. Changing is done through the REST API.";
        Query = new QueryType();
        RegisterTypeMapping(typeof(GraphProject), typeof(ProjectType));
        RegisterTypeMapping(typeof(GraphOrganization), typeof(OrganizationType));
        RegisterTypeMapping(typeof(GraphImage), typeof(ImageType));
        RegisterTypeMapping(typeof(GraphAnnotation), typeof(AnnotationType));
        RegisterTypeMapping(typeof(GraphCampaign), typeof(CampaignType));
        Plain<GraphImages>();
        Plain<GraphAnnotations>();
        Plain<GraphPageInfo>();
        Plain<GraphShape>();
        Plain<GraphMask>();
        Plain<GraphValue>();
        Plain<GraphAgreement>();
        Plain<CampaignTotals>();
        Plain<ScopeFigures>();
        Plain<PersonFigures>();
        Plain<PairRow>();
        Plain<Figure>();
    }

    public string Sdl() => this.Print(new PrintOptions { StringComparison = StringComparison.Ordinal }).TrimEnd() + "\n";

    private void Plain<T>() => RegisterTypeMapping(typeof(T), typeof(PlainType<T>));
}

/// <summary>The properties of a record, and nothing else of it.</summary>
internal abstract class RecordType<T>(params System.Linq.Expressions.Expression<Func<T, object?>>[]? left) : AutoRegisteringObjectGraphType<T>(left)
{
    protected override IEnumerable<MemberInfo> GetRegisteredMembers() => base.GetRegisteredMembers().OfType<PropertyInfo>();
}

/// <summary>Named without the prefix that keeps our records apart from other features' in C#.</summary>
internal sealed class PlainType<T> : RecordType<T>
{
    public PlainType() => Name = typeof(T).Name switch
    {
        nameof(GraphImages) => "ImagePage",
        nameof(GraphAnnotations) => "AnnotationPage",
        nameof(GraphValue) => "ImageValue",
        nameof(PairRow) => "PairFigures",
        var name => name.StartsWith("Graph", StringComparison.Ordinal) ? name["Graph".Length..] : name,
    };
}
