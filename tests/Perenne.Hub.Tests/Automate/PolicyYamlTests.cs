using Perenne.Hub.Automate;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Tests.Automate;

public sealed class PolicyYamlTests
{
    [Fact]
    public void The_starter_is_the_default_written_out()
    {
        Result<LoopPolicy> read = PolicyYaml.Read(SavePolicy.Starter);
        Assert.True(read.Succeeded, read.Error?.Detail);
        Assert.Equal(new LoopPolicy(), read.Value);
    }

    [Fact]
    public void What_is_written_reads_back()
    {
        LoopPolicy policy = new() { Enabled = true, Retrain = new() { Minutes = 2.5, PauseHours = 0 }, Rollout = new() { Automatic = true, CanaryShare = 0.25 } };
        Assert.Equal(policy, PolicyYaml.Read(PolicyYaml.Write(policy)).Value);
    }

    [Theory]
    [InlineData("retrain:\n  minuts: 3\n", "Line 2, column 3", "'minuts' is not a key")]
    [InlineData("retrain:\n  minutes: many\n", "Line 2", "")]
    [InlineData("evaluate:\n  cron: \"every night\"\n", "evaluate.cron is a cron expression", "")]
    [InlineData("rollout:\n  canary_share: 2\n", "rollout.canary_share is a share", "")]
    [InlineData("version: 2\n", "reads version 1", "")]
    [InlineData("a: &a [1, 2]\n", "", "not a key")]
    [InlineData("retrain: [", "Line 1", "")]
    public void A_mistake_is_named_with_its_place(string yaml, string place, string words)
    {
        Result<LoopPolicy> read = PolicyYaml.Read(yaml);
        Assert.False(read.Succeeded);
        Assert.Contains(place, read.Error!.Detail, StringComparison.Ordinal);
        Assert.Contains(words, read.Error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_document_is_the_default() => Assert.Equal(new LoopPolicy(), PolicyYaml.Read("").Value);

    [Fact]
    public void The_schema_knows_every_key_of_the_starter_with_its_default_and_its_bounds()
    {
        System.Text.Json.Nodes.JsonNode retrain = PolicySchema.Document["properties"]!["retrain"]!["properties"]!;
        Assert.Equal((0.0, 10_080.0, 15.0), (retrain["minutes"]!["exclusiveMinimum"]!.GetValue<double>(), retrain["minutes"]!["maximum"]!.GetValue<double>(), retrain["minutes"]!["default"]!.GetValue<double>()));
        Assert.False(PolicySchema.Document["properties"]!["rollout"]!["additionalProperties"]!.GetValue<bool>());
        // Every number that is checked is a number that is described.
        foreach (PolicyBound bound in PolicyBounds.All)
            Assert.NotNull(PolicySchema.Document["properties"]![bound.Key.Split('.')[0]]!["properties"]![bound.Key.Split('.')[1]]!["maximum"]);
    }
}
