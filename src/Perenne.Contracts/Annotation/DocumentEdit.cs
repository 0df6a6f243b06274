using System.Collections.Immutable;

namespace Perenne.Contracts.Annotation;

/// <summary>Applies operations to a document; the same rules as the canvas.</summary>
public static class DocumentEdit
{
    /// <summary>The document after the operations, in order.</summary>
    public static AnnotationDocument Apply(this AnnotationDocument document, IEnumerable<Operation> operations) =>
        operations.SelectMany(operation => operation.Changes).Aggregate(document, Apply);

    /// <summary>The document after one change.</summary>
    public static AnnotationDocument Apply(AnnotationDocument document, Change change) => change switch
    {
        PutShape put => document with { Shapes = Put(document.Shapes, put) },
        RemoveShape remove => document with { Shapes = document.Shapes.RemoveAll(shape => shape.Id == remove.ShapeId) },
        SetTags set => document with { Tags = set.Tags },
        SetValue { Value: { } value } set => document with { Values = document.Values.SetItem(set.Name, value) },
        SetValue set => document with { Values = document.Values.Remove(set.Name) },
        SetVerdict set => document with { Verdict = set.Verdict },
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "An unknown kind of change."),
    };

    private static ImmutableArray<DocumentShape> Put(ImmutableArray<DocumentShape> shapes, PutShape put)
    {
        for (int i = 0; i < shapes.Length; i++)
        {
            if (shapes[i].Id == put.Shape.Id)
                return shapes.SetItem(i, put.Shape);
        }

        return put.Index is { } index && index >= 0 && index < shapes.Length ? shapes.Insert(index, put.Shape) : shapes.Add(put.Shape);
    }
}
