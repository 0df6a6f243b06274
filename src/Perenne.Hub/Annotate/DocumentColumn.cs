using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Perenne.Contracts.Annotation;

namespace Perenne.Hub.Annotate;

internal static class DocumentColumn
{
    public static PropertyBuilder HasDocument(this PropertyBuilder property) => property.HasConversion(
        new ValueConverter<AnnotationDocument, string>(document => AnnotationJson.Write(document), text => AnnotationJson.Read(text)),
        new ValueComparer<AnnotationDocument>((a, b) => Equals(a, b), document => document.GetHashCode(), document => document));
}
