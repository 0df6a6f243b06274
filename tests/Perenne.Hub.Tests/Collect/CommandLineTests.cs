using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Perenne.Cli.Collect;
using Perenne.Cli.Commands;
using Perenne.Cli.Hub;
using Perenne.Contracts.Collect;
using Perenne.Formats;
using Perenne.Hub.Collect;
using Perenne.Hub.Shared.Rights;
using Perenne.TestSupport;

namespace Perenne.Hub.Tests.Collect;

/// <summary>The command line against a running hub, with real data.</summary>
public sealed class CommandLineTests(SqliteHub hub) : HubTests(hub), IClassFixture<SqliteHub>
{
    [Fact]
    public async Task DeepPcb_goes_in_and_comes_out_with_the_same_label_files_and_a_second_import_sends_nothing()
    {
        string data = SharedData.Require("data/deeppcb"), work = Directory.CreateDirectory(Path.Combine(Hub.Folder, "cli")).FullName;
        string[] boards = [.. File.ReadLines(Path.Combine(data, "train.txt")).Where((_, line) => line % 125 == 0)];
        string list = Path.Combine(work, "list.txt"), output = Path.Combine(work, "out");
        await File.WriteAllLinesAsync(list, boards, TestContext.Current.CancellationToken);
        (TestOrganization organization, TestProject project, TestPerson person) = await Plant();
        string[] login = ["--hub", Hub.Address.ToString(), "--token", person.Token];

        (int code, string said) = await Run(["import", data, "--list", list, "--format", "deeppcb", "-p", project.Slug, "-o", organization.Slug, .. login]);
        Assert.True(code == 0, said);
        Assert.Contains($"{boards.Length} stored, 0 there already, 0 refused", said, StringComparison.Ordinal);
        (code, said) = await Run(["import", data, "--list", list, "--format", "deeppcb", "-p", project.Slug, "-o", organization.Slug, .. login]);
        Assert.True(code == 0, said);
        Assert.Contains($"0 stored, {boards.Length} there already", said, StringComparison.Ordinal);
        Assert.Equal(boards.Length, await Hub.Inside(db => db.Set<Image>().CountAsync(i => i.ProjectId == project.Id && i.IsAnnotated)));

        (code, said) = await Run(["export", output, "-p", project.Slug, "--format", "deeppcb", "--images", .. login]);
        Assert.True(code == 0, said);
        foreach (string board in boards)
        {
            Assert.Equal(await File.ReadAllTextAsync(Path.Combine(data, board + ".txt")), await File.ReadAllTextAsync(Path.Combine(output, board + ".txt")));
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(data, board + ".jpg")), await File.ReadAllBytesAsync(Path.Combine(output, board + ".jpg")));
        }

        Assert.Equal(boards.Order(), (await File.ReadAllLinesAsync(Path.Combine(output, "train.txt"))).Order());
    }

    [Fact]
    public async Task A_large_file_goes_in_pieces_and_arrives_with_its_facts()
    {
        (TestOrganization organization, TestProject project, TestPerson person) = await Plant();
        string file = Path.Combine(Hub.Folder, "large.png");
        await File.WriteAllBytesAsync(file, Pictures.Noise(9, 900, 800));
        using HubClient client = HubClient.Connect(Hub.Address.ToString(), person.Token);
        ImportRun run = new(client, new(organization.Slug, project.Slug, new Dictionary<string, string> { ["camera"] = "top" }), 2) { LargeFrom = 100_000 };
        await run.SendAsync([new AnnotatedImage("line/large.png") { ImagePath = file }], _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal(FileOutcome.Stored, Assert.Single(run.Verdicts).Outcome);
        Image image = await Hub.Inside(db => db.Set<Image>().Include(i => i.MetadataRows).SingleAsync(i => i.ProjectId == project.Id));
        Assert.Equal(("large.png", "top", "line/large.png"), (image.FileName, image.Camera, image.MetadataRows.Single(m => m.Key == "path").Value));
        Assert.Equal("upload", await Hub.Inside(db => db.Set<Arrival>().Where(a => a.ImageId == image.Id).Select(a => a.Way).SingleAsync()));
    }

    private async Task<(TestOrganization, TestProject, TestPerson)> Plant()
    {
        TestOrganization organization = await Hub.Organization("lyon");
        return (organization, await Hub.Project("pcb", organization), await Hub.Person("ada", Role.DataScientist, organization));
    }

    private static async Task<(int Code, string Said)> Run(string[] arguments)
    {
        RootCommand root = new("perenne");
        foreach (Command command in CommandList.All())
            root.Subcommands.Add(command);
        using StringWriter said = new();
        int code = await root.Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = said, Error = said }, TestContext.Current.CancellationToken);
        return (code, said.ToString());
    }
}
