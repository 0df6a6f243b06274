using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Contracts.Collect;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Quality;
using Perenne.Hub.Shared.Work;
using Perenne.TestSupport;
using SkiaSharp;

namespace Perenne.Hub.Tests.Collect;

public abstract class ViewTests(HubFixture hub) : IntakeBase(hub)
{
    private const string FixedBoard = "reference/group00041/00041000.jpg";

    [Fact]
    public async Task A_fixed_camera_knows_a_covered_view_at_once_and_a_moved_one_at_the_third_image()
    {
        (HttpClient client, string address, TestProject project) = await Plant();
        using SKBitmap board = Board(FixedBoard);
        for (int i = 0; i < CameraViews.Samples + 2; i++)
            Assert.Equal("usable", await Arrive(client, address, $"{i}.png", Changed(board, i)));
        LearntCamera learnt = await Learnt(project);
        Assert.True(learnt.View!.Profile.IsFixed, $"{learnt.View.Profile}");

        Assert.Equal("flagged", await Arrive(client, address, "covered.png", Changed(board, 50, covered: .9f)));
        Assert.Equal("usable", await Arrive(client, address, "good.png", Changed(board, 51)));
        Assert.Equal("usable", await Arrive(client, address, "knock.png", Changed(board, 52, shift: 14)));
        Assert.Equal("usable", await Arrive(client, address, "back.png", Changed(board, 53)));
        Assert.Equal("usable", await Arrive(client, address, "moved-1.png", Changed(board, 54, shift: 14)));
        Assert.Equal("usable", await Arrive(client, address, "moved-2.png", Changed(board, 55, shift: 14)));
        Assert.Equal("flagged", await Arrive(client, address, "moved-3.png", Changed(board, 56, shift: 14)));
        Assert.Equal(["covered.png"], await Named(client, address, "obstructed"));
        Assert.Equal(["moved-3.png"], await Named(client, address, "moved"));
    }

    [Fact]
    public async Task A_camera_that_sees_another_part_each_time_is_not_judged_by_a_view()
    {
        (HttpClient client, string address, TestProject project) = await Plant();
        string folder = SharedData.Require("data/deeppcb");
        string[] boards = [.. File.ReadAllLines(Path.Combine(folder, "train.txt")).Where((_, i) => i % 37 == 0).Select(line => line.Trim() + ".jpg")];
        for (int i = 0; i < CameraViews.Samples + 2; i++)
        {
            using SKBitmap part = Board(boards[i]);
            await Arrive(client, address, $"{i}.png", Changed(part, i));
        }

        LearntCamera learnt = await Learnt(project);
        Assert.False(learnt.View!.Profile.IsFixed, $"{learnt.View.Profile}");
        Assert.Empty(learnt.View.Reference);
        using SKBitmap board = Board(FixedBoard);
        await Arrive(client, address, "covered.png", Changed(board, 50, covered: .9f));
        Assert.Empty(await Named(client, address, "obstructed"));
    }

    private async Task<LearntCamera> Learnt(TestProject project)
    {
        Hub.Time.Skip(TimeSpan.FromSeconds(20));
        CameraProfileRow row = await Hub.Inside(db => db.Set<CameraProfileRow>().AsNoTracking().SingleAsync(p => p.ProjectId == project.Id));
        Hub.App.Services.GetRequiredService<WorkSignal>().Ring();
        for (int i = 0; i < 600 && await Hub.Inside(db => db.Set<WorkItem>().AnyAsync(w => w.SubjectId == row.Id)); i++)
            await Task.Delay(100);
        return LearntCamera.Read(await Hub.Inside(db => db.Set<CameraProfileRow>().AsNoTracking().SingleAsync(p => p.Id == row.Id)))!;
    }

    private static async Task<string?> Arrive(HttpClient client, string address, string name, byte[] file)
    {
        IntakeAnswer answer = await Send(client, address, file, name, "&camera=top");
        return answer.Files[0].Quality;
    }

    private static async Task<string[]> Named(HttpClient client, string address, string reason)
    {
        ImagePage page = (await client.GetFromJsonAsync<ImagePage>($"{address}/images?reason={reason}", HubJson))!;
        return [.. page.Images.Select(i => i.FileName)];
    }

    /// <summary>The middle of a board: enough corners, a third of the work.</summary>
    private static SKBitmap Board(string path)
    {
        using SKBitmap whole = SKBitmap.Decode(Path.Combine(SharedData.Require("data/deeppcb"), path));
        SKBitmap middle = new();
        whole.ExtractSubset(middle, new SKRectI(128, 128, 512, 512));
        return middle;
    }

    /// <summary>The same view on another day: noise of its own; covered from the left, or shifted by so many pixels.</summary>
    private static byte[] Changed(SKBitmap board, int seed, float covered = 0, int shift = 0)
    {
        using SKBitmap changed = new(board.Width, board.Height, SKColorType.Gray8, SKAlphaType.Opaque);
        Random random = new(seed);
        Span<byte> pixels = changed.GetPixelSpan();
        for (int y = 0; y < board.Height; y++)
            for (int x = 0; x < board.Width; x++)
            {
                int seen = x < covered * board.Width ? 90 : board.GetPixel(Math.Max(0, x - shift), Math.Max(0, y - (shift / 2))).Green;
                pixels[(y * changed.RowBytes) + x] = (byte)Math.Clamp(20 + (seen * 7 / 8) + random.Next(-4, 5), 0, 255);
            }

        using SKData data = changed.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}

public sealed class ViewsOnSqlite(SqliteHub hub) : ViewTests(hub), IClassFixture<SqliteHub>;

public sealed class ViewsOnPostgres(PostgresHub hub) : ViewTests(hub), IClassFixture<PostgresHub>;
