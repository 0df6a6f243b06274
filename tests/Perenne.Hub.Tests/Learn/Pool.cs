using System.Collections.Immutable;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Agree;
using Perenne.Hub.Annotate;
using Perenne.Hub.Collect;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Learn;

/// <summary>A project with a label schema, a data scientist and annotated images, written straight into the database.</summary>
internal sealed class Pool
{
    private readonly HubFixture hub;
    private static readonly Perenne.Hub.Shared.IdSource Ids = new(TimeProvider.System);
    private int number;

    private Pool(HubFixture hub, TestOrganization lyon, TestProject project, TestPerson scientist) => (this.hub, Lyon, Project, Scientist) = (hub, lyon, project, scientist);

    public TestOrganization Lyon { get; }

    public TestProject Project { get; }

    public TestPerson Scientist { get; }

    public Guid Open { get; } = new("11111111-0000-7000-8000-000000000001");

    public Guid Short { get; } = new("11111111-0000-7000-8000-000000000002");

    public HttpClient Client => hub.As(Scientist);

    public string Address => $"/api/v1/projects/{Project.Slug}";

    public static async Task<Pool> StartAsync(HubFixture hub, params TestOrganization[] others)
    {
        TestOrganization lyon = await hub.Organization("lyon");
        TestProject project = await hub.Project("pcb", lyon, others);
        Pool pool = new(hub, lyon, project, await hub.Person("ada", Role.DataScientist, lyon));
        await hub.Inside(async db =>
        {
            db.Add(new SchemaVersion
            {
                Id = new Guid(project.Id.ToByteArray()[..15].Append((byte)1).ToArray()), ProjectId = project.Id, Number = 1, CreatedBy = pool.Scientist.Id, CreatedByName = "ada", CreatedAt = hub.Time.GetUtcNow(),
                Classes = [new(pool.Open, "open", "#ff0000", "o", "", [], []), new(pool.Short, "short", "#00ff00", "s", "", [], [])],
            });
            return await db.SaveChangesAsync();
        });
        return pool;
    }

    public static AnnotationDocument Boxes(params (string Label, double X, double Y, double Width, double Height)[] boxes) => new(
        [.. boxes.Select((b, i) => (DocumentShape)new DocumentBox($"s{i}", b.Label, [b.X, b.Y, b.Width, b.Height]))], [], ImmutableSortedDictionary<string, double>.Empty, ImageVerdict.Defects);

    public static AnnotationDocument NoDefect { get; } = AnnotationDocument.Empty with { Verdict = ImageVerdict.NoDefect };

    /// <summary>An image with an imported annotation; null: not annotated.</summary>
    public Task<Guid> AddAsync(AnnotationDocument? document, Action<Image>? adjust = null, TestOrganization? organization = null, TruthSource? truth = null, (string Hash, int Width, int Height)? file = null) => hub.Inside(async db =>
    {
        Image image = Collect.Images.New(organization ?? Lyon, Project, Interlocked.Increment(ref number), file: file);
        adjust?.Invoke(image);
        image.IsAnnotated = document is not null;
        db.Add(image);
        DateTimeOffset now = hub.Time.GetUtcNow();
        if (document is not null && truth is { } source)
            db.Add(new GroundTruth { Id = Ids.Next(), OrganizationId = image.OrganizationId, ProjectId = Project.Id, ImageId = image.Id, Source = source, Document = document, From = [], At = now, IsCurrent = true });
        else if (document is not null)
            db.Add(new Annotation { Id = Ids.Next(), OrganizationId = image.OrganizationId, ProjectId = Project.Id, ImageId = image.Id, Source = AnnotationSource.Import, Document = document, Revision = 1, Shapes = document.Shapes.Length, CreatedAt = now, ChangedAt = now });
        await db.SaveChangesAsync();
        return image.Id;
    });

    public async Task AddManyAsync(int count, Func<int, AnnotationDocument?> document, Action<int, Image>? adjust = null)
    {
        for (int i = 0; i < count; i++)
            await AddAsync(document(i), image => adjust?.Invoke(i, image));
    }
}
