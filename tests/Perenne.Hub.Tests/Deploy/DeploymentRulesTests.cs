using Perenne.Hub.Deploy;
using Perenne.Hub.Observe;
using static Perenne.Hub.Deploy.DeploymentStage;

namespace Perenne.Hub.Tests.Deploy;

/// <summary>The pure decisions about deployments, as tables.</summary>
public class DeploymentRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);

    // What was done, in order (model and stage); what is in force then: active, canary, shadows, the model to go back to.
    [Theory]
    [InlineData("", "", "", "", "")]
    [InlineData("1S", "", "", "1", "")]
    [InlineData("1A", "1", "", "", "")]
    [InlineData("1A 2S", "1", "", "2", "")]
    [InlineData("1A 2S 2C", "1", "2", "", "")]
    [InlineData("1A 2S 2C 2A", "2", "", "", "1")]
    [InlineData("1A 2S 2C 2R", "1", "", "", "")]
    [InlineData("1A 2A 2R", "1", "", "", "")]
    [InlineData("1A 2A 3A 3R", "2", "", "", "1")]
    [InlineData("1A 2A 3A 3R 2R", "1", "", "", "")]
    [InlineData("1A 2A 2A 2R", "1", "", "", "")]
    [InlineData("1A 2S 3S 2W", "1", "", "3", "")]
    [InlineData("1A 2C 3S 2W", "1", "", "3", "")]
    [InlineData("1A 2A 2R 2S", "1", "", "2", "")]
    [InlineData("1A 2A 1A 1R", "2", "", "", "1")]
    public void What_is_in_force_follows_from_the_history(string history, string active, string canary, string shadows, string previous)
    {
        DeploymentPlan plan = DeploymentPlan.Of(History(history));

        Assert.Equal((active, canary, previous), (Name(plan.Active), Name(plan.Canary), Name(plan.Previous)));
        Assert.Equal(shadows, string.Concat(plan.Shadows.Select(Name)));
    }

    [Fact]
    public void Which_model_judged_at_a_time_is_the_plan_of_the_history_until_then()
    {
        List<Deployment> history = History("1A 2C 2A 2R");

        string[] active = [.. Enumerable.Range(-1, 5).Select(hour => Name(DeploymentPlan.Of(history, Start.AddHours(hour).AddMinutes(30)).Active))];

        Assert.Equal(["", "1", "1", "2", "1"], active);
    }

    [Fact]
    public void Stretches_of_time_say_who_judged_when_and_what_was_taken_back()
    {
        List<LanePiece> lane = DeploymentLanes.Of(History("1A 2C 2A 2R"));

        Assert.Equal(
        [
            new(Active, 1, Start, Start.AddHours(2), false), new(Canary, 2, Start.AddHours(1), Start.AddHours(2), false),
            new(Active, 2, Start.AddHours(2), Start.AddHours(3), true), new(Active, 1, Start.AddHours(3), null, false),
        ], lane);
    }

    // Frames, errors, compared, disagreed, objections, slow frames; whether the bounds (2 %, 10 %, 2 %, 100 ms) take it back.
    [Theory]
    [InlineData(Canary, 99, 99, 0, 0, 0, 0, null)]
    [InlineData(Canary, 1000, 20, 1000, 100, 20, 0, null)]
    [InlineData(Canary, 1000, 25, 1000, 0, 0, 0, null)]
    [InlineData(Canary, 200, 20, 0, 0, 0, 0, "failed on 20 of 200")]
    [InlineData(Canary, 1000, 0, 1000, 160, 0, 0, "judged 160 of 1000 frames differently")]
    [InlineData(Shadow, 1000, 0, 1000, 160, 0, 0, "judged 160 of 1000 frames differently")]
    [InlineData(Active, 1000, 0, 1000, 160, 0, 0, null)]
    [InlineData(Canary, 1000, 0, 0, 0, 60, 0, "objected to 60 of 1000")]
    [InlineData(Active, 1000, 0, 0, 0, 60, 0, "objected to 60 of 1000")]
    [InlineData(Shadow, 1000, 0, 0, 0, 60, 0, null)]
    [InlineData(Canary, 1000, 0, 0, 0, 0, 10, null)]
    [InlineData(Canary, 1000, 0, 0, 0, 0, 60, "99th percentile")]
    internal void A_model_is_taken_back_only_when_a_bound_is_broken_beyond_chance(DeploymentStage stage, int frames, int errors, int compared, int disagreed, int objections, int slow, string? reason)
    {
        int[] bins = new int[LatencyBins.Count];
        bins[LatencyBins.Of(20)] = frames - slow;
        bins[LatencyBins.Of(400)] = slow;

        string? said = RollbackRules.Judge(new(MaxLatencyMilliseconds: 100), stage, new(frames, frames, errors, compared, disagreed, objections, new(bins)));

        if (reason is null)
            Assert.Null(said);
        else
            Assert.Contains(reason, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, 150, 25, 103, null)]
    [InlineData(500, 150, 60, 103, "objected to 60 of 103 verdicts; 2 % are allowed and the model before had 30 %.")]
    [InlineData(500, 5, 25, 103, "objected to 25 of 103 verdicts; 2 % are allowed.")]
    [InlineData(60, 30, 25, 103, "objected to 25 of 103 verdicts; 2 % are allowed.")]
    public void Operators_take_a_model_back_only_where_the_one_before_had_fewer_objections_lately(int decidedBefore, int objectionsBefore, int objections, int decided, string? reason)
    {
        string? said = RollbackRules.Judge(new(), DeploymentStage.Active, DeploymentEvidence.None with { Frames = decided, Decided = decided, Objections = objections, Before = (decidedBefore, objectionsBefore) });

        Assert.Equal(reason is null, said is null);
        Assert.Contains(reason ?? "", said ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_within_its_bound_is_hardly_ever_taken_back_however_often_one_looks()
    {
        // 400 canaries at exactly the bound, looked at after each of 2,000 frames: 0.1 % false alarms are promised for the whole watch.
        Random random = new(7);
        int takenBack = Enumerable.Range(0, 400).Count(_ =>
        {
            int errors = 0;
            for (int frames = 1; frames <= 2000; frames++)
            {
                errors += random.NextDouble() < 0.02 ? 1 : 0;
                if (frames >= 100 && RollbackRules.IsBroken(0.02, errors, frames))
                    return true;
            }

            return false;
        });

        Assert.InRange(takenBack, 0, 3);
    }

    [Fact]
    public void A_rollout_takes_each_wave_through_its_stages_and_stops_when_a_model_is_taken_back()
    {
        Guid a = Id(101), b = Id(102);
        RolloutRules rules = new(ShadowHours: 2, CanaryHours: 2, MinFrames: 10);
        RolloutNext Next(RolloutPlace first, RolloutPlace second, double hours) =>
            RolloutStep.Of([[a], [b]], rules, new Dictionary<Guid, RolloutPlace> { [a] = first, [b] = second }, Start.AddHours(hours));
        RolloutPlace untouched = new(b, null, 0, false, true);
        RolloutPlace At(Guid place, DeploymentStage stage, long frames) => new(place, Entry(1, 9, stage, Start), frames, false, true);

        Assert.Equal([(a, Shadow)], Next(new(a, null, 0, false, true), untouched, 0).Steps);
        Assert.Empty(Next(At(a, Shadow, 100), untouched, 1).Steps);
        Assert.Empty(Next(At(a, Shadow, 9), untouched, 3).Steps);
        Assert.Equal([(a, Canary)], Next(At(a, Shadow, 10), untouched, 2).Steps);
        Assert.Equal([(a, Active)], Next(At(a, Canary, 10), untouched, 2).Steps);
        Assert.Equal([(b, Shadow)], Next(At(a, Active, 10), untouched, 2).Steps);
        Assert.Equal([(b, Active)], Next(At(a, Active, 10), new(b, Entry(1, 9, Shadow, Start), 10, false, HasActive: false), 2).Steps);
        Assert.Equal(RolloutState.Finished, Next(At(a, Active, 10), At(b, Active, 10), 2).State);
        RolloutNext stopped = Next(new(a, null, 0, true, true), untouched, 2);
        Assert.Equal((RolloutState.Stopped, 0), (stopped.State, stopped.Steps.Count));
        Assert.Contains("taken back in 1 of 2", stopped.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_known_does_not_pass_a_gate()
    {
        GateFacts nothing = new(new(null, "not compared"), null, null, null, null, null, null, HasChampion: true);
        GateFacts good = new(new(true, "same"), .92, .90, .91, .90, 40, 100, HasChampion: true);

        Assert.All(DeployGate.Of(nothing, Active), check => Assert.Null(check.Passed));
        Assert.True(DeployGate.Passes(DeployGate.Of(good, Active)));
        Assert.True(DeployGate.Passes(DeployGate.Of(nothing with { Parity = new(true, "same") }, Shadow)));
        Assert.Equal(["champion"], Failed(good with { Score = .85 }));
        Assert.Equal(["organization"], Failed(good with { LocalScore = .85 }));
        Assert.Equal(["latency"], Failed(good with { LatencyMilliseconds = 101 }));
        Assert.Equal(["organization"], Failed(good with { ChampionLocalScore = null }));
        Assert.True(DeployGate.Passes(DeployGate.Of(good with { ChampionScore = null, ChampionLocalScore = null, HasChampion = false }, Active)));

        static string[] Failed(GateFacts facts) => [.. DeployGate.Of(facts, Canary).Where(c => c.Passed != true).Select(c => c.Name)];
    }

    [Fact]
    public void Latency_bins_add_up_and_give_quantiles_within_their_width()
    {
        Random random = new(3);
        double[] latencies = [.. Enumerable.Range(0, 5000).Select(_ => 5 * Math.Exp(2 * random.NextDouble()))];
        LatencyBins sum = LatencyBins.Sum(latencies.Chunk(1000).Select(chunk =>
        {
            int[] counts = new int[LatencyBins.Count];
            foreach (double latency in chunk)
                counts[LatencyBins.Of(latency)]++;
            return new LatencyBins(counts);
        }));
        Array.Sort(latencies);

        Assert.Equal(5000, sum.Total);
        foreach (double share in new[] { .1, .5, .9, .99 })
            Assert.InRange(sum.Quantile(share)!.Value / latencies[(int)(share * 5000)], 1 / 1.05, 1.05);
        Assert.Null(new LatencyBins([]).Quantile(.5));
    }

    private static List<Deployment> History(string words) => [.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((word, i) => Entry(i + 1, word[0] - '0', word[1] switch
    {
        'S' => Shadow,
        'C' => Canary,
        'A' => Active,
        'R' => RolledBack,
        _ => Withdrawn,
    }, Start.AddHours(i)))];

    private static Deployment Entry(int number, int model, DeploymentStage stage, DateTimeOffset at) => new()
    {
        Id = Id(number), ProjectId = Id(200), OrganizationId = Id(201), Number = number, ModelVersionId = Id(model), ModelNumber = model, Stage = stage, At = at, ById = Id(202), ByName = "ada", Reason = "test",
    };

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    private static string Name(Deployment? deployment) => deployment?.ModelNumber.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "";
}
