using System.Collections.Immutable;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Agree;
using Perenne.Hub.Share.Exports;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Share;

/// <summary>A project with ground truths written straight into the database, and the exports of it.</summary>
internal sealed class ExportBench(HubFixture hub, TestOrganization organization, TestProject project, TestPerson person)
{
    private static readonly IdSource Ids = new(TimeProvider.System);

    public TestProject Project => project;

    public TestPerson Person => person;

    public TestOrganization Organization => organization;

    public string Address => $"/api/v1/projects/{project.Slug}/exports";

    public static async Task<ExportBench> StartAsync(HubFixture hub, int images, int shapes = 3)
    {
        TestOrganization organization = await hub.Organization("lyon");
        ExportBench bench = new(hub, organization, await hub.Project("pcb", organization), await hub.Person("ada", Role.DataScientist, organization));
        await bench.FillAsync(organization, images, shapes);
        return bench;
    }

    public async Task FillAsync(TestOrganization into, int images, int shapes)
    {
        for (int from = 0; from < images; from += 2000)
        {
            int first = from;
            await hub.Inside(async db =>
            {
                for (int i = first; i < Math.Min(first + 2000, images); i++)
                {
                    Perenne.Hub.Collect.Image image = Collect.Images.New(into, project, i);
                    image.IsAnnotated = true;
                    db.Add(image);
                    db.Add(new GroundTruth
                    {
                        Id = Ids.Next(), OrganizationId = into.Id, ProjectId = project.Id, ImageId = image.Id, Source = TruthSource.Accepted, Document = Document(i, shapes),
                        From = [], At = hub.Time.GetUtcNow(), IsCurrent = true,
                    });
                }

                return await db.SaveChangesAsync();
            });
        }
    }

    // Classes of DeepPCB, so that this format too can hold them; a rotated box and a tag for the loss reports.
    private static AnnotationDocument Document(int i, int shapes) => new(
        [
            .. Enumerable.Range(0, i % 5 == 4 ? 0 : shapes).Select(n => (DocumentShape)(n == 1 && i % 2 == 0
                ? new DocumentRotatedBox($"s{n}", "short", [100 + n, 100, 30, 20, 15])
                : new DocumentBox($"s{n}", n % 2 == 0 ? "open" : "short", [10 + (n * 13 % 600), 10 + i % 400, 20, 12]))),
        ],
        i % 7 == 0 && i % 5 != 4 ? ["mousebite"] : [], ImmutableSortedDictionary<string, double>.Empty, i % 5 == 4 ? ImageVerdict.NoDefect : ImageVerdict.Defects);

    public async Task<ExportView> RequestAsync(ExportRequest request) => await hub.As(person).Post(Address, request).Read<ExportView>();

    public async Task<ExportView> FinishedAsync(ExportRequest request)
    {
        ExportView started = await RequestAsync(request);
        return await WaitAsync(hub.As(person), started.Id, e => e.State is not (ExportState.Waiting or ExportState.Reading or ExportState.Writing));
    }

    public async Task<ExportView> WaitAsync(HttpClient client, Guid id, Func<ExportView, bool> until)
    {
        while (true)
        {
            ExportView view = await client.Get<ExportView>($"{Address}/{id}");
            if (until(view))
                return view;
            await Task.Delay(30, TestContext.Current.CancellationToken);
        }
    }

    public async Task<byte[]> DownloadAsync(ExportView export) => await hub.As(person).GetByteArrayAsync($"{Address}/{export.Id}/file", TestContext.Current.CancellationToken);
}
