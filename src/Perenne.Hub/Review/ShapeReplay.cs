using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Review;

/// <param name="Fix">Made after the author's first submission by somebody else: a reviewer.</param>
/// <param name="Shape">Null: the shape was deleted.</param>
internal sealed record ShapeStep(DateTimeOffset At, string? By, bool Fix, DocumentShape? Shape);

internal sealed record ShapeHistory(string ShapeId, IReadOnlyList<ShapeStep> Steps);

/// <summary>How each shape of an answer came to be, from the revisions: nothing is kept for it besides them.</summary>
internal sealed class ShapeReplay(HubDbContext db)
{
    private const int MostRevisions = 2_000;

    public async Task<IReadOnlyList<ShapeHistory>> ReadAsync(Annotation annotation, CancellationToken cancel)
    {
        List<AnnotationRevision> revisions = await db.Set<AnnotationRevision>().AsNoTracking().Where(r => r.AnnotationId == annotation.Id)
            .OrderBy(r => r.Number).Take(MostRevisions).ToListAsync(cancel);
        Guid[] people = [.. revisions.Select(r => r.MadeBy).OfType<Guid>().Distinct()];
        Dictionary<Guid, string> names = await db.Users.Where(u => people.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.DisplayName, cancel);
        return Of(revisions, annotation.AuthorId, names);
    }

    internal static IReadOnlyList<ShapeHistory> Of(IReadOnlyList<AnnotationRevision> revisions, Guid? author, IReadOnlyDictionary<Guid, string> names)
    {
        AnnotationDocument state = AnnotationDocument.Empty;
        Dictionary<string, List<ShapeStep>> steps = [];
        foreach (AnnotationRevision revision in revisions)
        {
            string? by = revision.MadeBy is { } person ? names.GetValueOrDefault(person) : null;
            bool fix = revision.MadeBy is not null && revision.MadeBy != author;
            if (revision.Operations is not null)
            {
                foreach (Operation operation in JsonSerializer.Deserialize<ImmutableArray<Operation>>(revision.Operations, AnnotationJson.Options))
                    state = Note(state, state.Apply([operation]), operation.At, by, fix);
            }

            // A draft's operations say everything; the others carry the whole document as well.
            state = revision.Document is { } whole ? Note(state, whole, revision.At, by, fix) : state;
        }

        return [.. steps.Select(s => new ShapeHistory(s.Key, s.Value))];

        AnnotationDocument Note(AnnotationDocument before, AnnotationDocument after, DateTimeOffset at, string? by, bool fix)
        {
            Dictionary<string, DocumentShape> old = before.Shapes.ToDictionary(s => s.Id);
            foreach (DocumentShape shape in after.Shapes)
            {
                if (!old.Remove(shape.Id, out DocumentShape? was) || !was.Equals(shape))
                    Add(shape.Id, new(at, by, fix, shape));
            }

            foreach (string gone in old.Keys)
                Add(gone, new(at, by, fix, null));
            return after;
        }

        void Add(string id, ShapeStep step)
        {
            if (!steps.TryGetValue(id, out List<ShapeStep>? list))
                steps[id] = list = [];
            list.Add(step);
        }
    }
}
