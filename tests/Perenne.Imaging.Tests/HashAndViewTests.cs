using NetVips;

namespace Perenne.Imaging.Tests;

public class HashAndViewTests
{
    [Fact]
    public void A_board_keeps_its_hash_when_re_encoded_scaled_or_dimmed_and_other_boards_are_far()
    {
        string[] paths = Boards.Paths("train.txt", 50);
        PerceptualHash[] hashes = [.. paths.Select(p => Boards.Inspect(p).Hash)];
        for (int i = 0; i < paths.Length; i += 4)
        {
            Image image = Boards.Load(paths[i]);
            foreach (Image variant in (Image[])[image, Boards.Brighter(image, .9, 5), image.Resize(.5), image.Resize(1.37), Boards.Noisy(image, 4)])
                Assert.InRange(hashes[i].Distance(Boards.Inspect(variant, 50).Hash), 0, PerceptualHash.NearDuplicateRadius);
        }
        int near = 0;
        for (int i = 0; i < paths.Length; i++)
            for (int j = i + 1; j < paths.Length; j++)
                near += hashes[i].Distance(hashes[j]) <= PerceptualHash.NearDuplicateRadius ? 1 : 0;
        Assert.Equal(0, near);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(11)]
    public void The_index_finds_exactly_what_a_full_scan_finds(int radius)
    {
        Random random = new(3);
        List<PerceptualHash> all = [];
        HammingIndex<int> index = new();
        for (int i = 0; i < 3000; i++)
        {
            ulong bits = i % 3 == 0 || all.Count == 0 ? (ulong)random.NextInt64() : all[random.Next(all.Count)].Bits;
            for (int flips = random.Next(14); flips > 0; flips--)
                bits ^= 1UL << random.Next(64);
            all.Add(new PerceptualHash(bits));
            index.Add(all[i], i);
        }
        for (int q = 0; q < 100; q++)
            Assert.Equal(Enumerable.Range(0, all.Count).Where(i => all[i].Distance(all[q]) <= radius), index.Within(all[q], radius).Select(f => f.Key).Order());
    }

    [Fact]
    public async Task A_copied_stream_arrives_whole_with_its_hash()
    {
        byte[] bytes = new byte[300_001];
        new Random(1).NextBytes(bytes);
        MemoryStream to = new();
        ContentHash hash = await ContentHash.CopyAsync(new MemoryStream(bytes), to);
        Assert.Equal(ContentHash.Of(bytes), hash);
        Assert.Equal(bytes, to.ToArray());
    }

    [Fact]
    public void A_view_is_found_again_moved_or_lost()
    {
        string[] paths = Boards.Paths("train.txt", 200);
        foreach (string path in paths)
        {
            Image image = Boards.Load(path);
            ViewReference reference = ViewReference.FromBytes(ViewReference.Of(Boards.Inspect(path).Reduced).ToBytes());
            ViewComparison See(Image i) => ViewMatcher.Compare(reference, ViewReference.Of(Boards.Inspect(i).Reduced))!;

            ViewComparison dimmed = See(Boards.Noisy(Boards.Brighter(image, .8), 3)), twin = See(Boards.Load(Boards.ReferenceOf(path)));
            Assert.InRange(dimmed.Visible, .6, 1);
            Assert.InRange(dimmed.CornerShift, 0, .008);
            Assert.InRange(twin.Visible, .25, 1);
            Assert.InRange(twin.CornerShift, 0, .01);

            ViewComparison shifted = See(Boards.Shifted(image, 12, 5));
            double expected = Math.Sqrt(12 * 12 + 5 * 5) / (640 * Math.Sqrt(2));
            Assert.InRange(shifted.Visible, .4, 1);
            Assert.InRange(shifted.CornerShift, expected - .003, expected + .006);

            Assert.InRange(See(ExploreTests.Covered(image, .9)).Visible, 0, .2);
            ViewComparison other = See(Boards.Load(path == paths[0] ? paths[1] : paths[0]));
            Assert.InRange(other.Visible, 0, .15);
        }
    }

    [Fact]
    public void Covered_and_moved_views_get_their_own_words_where_the_view_is_fixed()
    {
        string path = Boards.Paths("train.txt", 1000)[0];
        Inspection seen = Boards.Inspect(path);
        ViewProfile fixedView = new(50, .8), changing = new(50, .05);
        QualityVerdict Judge(ViewProfile p, params ViewComparison[] views) => QualityJudge.Judge(seen.Facts, seen.Measures, null, QualityThresholds.Default, views, p);
        ViewComparison covered = new(.1, double.NaN, 0), shifted = new(.8, .02, 200), good = new(.8, .005, 200);
        Assert.Equal("obstructed", Assert.Single(Judge(fixedView, covered).Reasons).Code);
        Assert.Equal("moved", Assert.Single(Judge(fixedView, shifted, shifted, shifted).Reasons).Code);
        Assert.Empty(Judge(fixedView, shifted, shifted).Reasons);
        Assert.Empty(Judge(fixedView, shifted, good, shifted).Reasons);
        Assert.Empty(Judge(fixedView, shifted, shifted, shifted, good).Reasons);
        Assert.Empty(Judge(changing, covered).Reasons);
    }

    [Fact]
    public void Parts_that_never_lie_to_the_pixel_are_no_moved_camera_until_they_lie_further_apart_than_usual()
    {
        // Accepted pictures: parts lie within 3 % of the diagonal, and between 40 % and 70 % of the details are found again.
        ViewProfile jittered = ViewProfile.Learn([.. Enumerable.Range(0, 40).Select(i => new ViewComparison(.4 + (.3 * (i % 10) / 9), .03 * (i % 11) / 10, 100))]);
        QualityThresholds t = QualityThresholds.Default;
        ViewComparison usual = new(.5, .028, 100), elsewhere = new(.5, .08, 100);

        Assert.True(jittered.IsFixed);
        Assert.InRange(jittered.ShiftLimit(t), .04, .046);
        Assert.InRange(jittered.VisibleLimit(t), .26, .28);
        Assert.False(jittered.HasMoved([usual, usual, usual], t));
        Assert.True(jittered.HasMoved([elsewhere, elsewhere, elsewhere], t));
        Assert.Equal(t.MaxShift, ViewProfile.Learn([.. Enumerable.Repeat(new ViewComparison(.8, .002, 200), 30)]).ShiftLimit(t));
    }
}
