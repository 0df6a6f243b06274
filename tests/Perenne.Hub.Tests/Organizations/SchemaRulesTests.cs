using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Tests.Organizations;

public sealed class SchemaRulesTests
{
    private static readonly LabelClass Open = new(new Guid(1, 0, 0, new byte[8]), "open", "#e03131", "1", "", [], []);
    private static readonly LabelClass Short = new(new Guid(2, 0, 0, new byte[8]), "short", "#1971c2", "2", "", [], []);

    [Fact]
    public void A_sound_schema_passes() => Assert.Null(SchemaRules.Validate([Open], [Open, Short with { Attributes = [Select("a", "b") with { Default = "b" }] }]));

    [Fact]
    public void Each_fault_gets_a_sentence_that_names_it()
    {
        (LabelClass[] Classes, string Sentence)[] faults =
        [
            ([Open, Short with { Name = "OPEN" }], "Two classes are named 'open'"),
            ([Open, Short with { HotKey = "1" }], "hot key '1'"),
            ([Open with { Colour = "red" }], "'red' of class 'open' is not a colour"),
            ([Open with { HotKey = "ab" }], "must be one letter or digit"),
            ([Open with { Name = " " }], "A class's name is missing"),
            ([Open, Short with { Id = Open.Id }], "used twice"),
            ([Short], "Class 'open' is missing. Retire it instead"),
            ([Open with { MergedInto = Open.Id }], "merged into another class"),
            ([Open with { MergedInto = Short.Id }, Short with { MergedInto = Open.Id }], "not itself merged"),
            ([Open with { Attributes = [Select("a", "a")] }], "two different options"),
            ([Open with { Attributes = [Select("a", "b") with { Default = "c" }] }], "The default 'c'"),
            ([Open with { Attributes = [Number with { Default = "NaN" }] }], "The default 'NaN'"),
            ([Open with { Attributes = [Number, Number] }], "exists twice"),
        ];
        Assert.All(faults, fault =>
        {
            HubError? error = SchemaRules.Validate([Open], fault.Classes);
            Assert.Contains(fault.Sentence, error?.Detail ?? "no error", StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public void A_retired_classs_name_and_key_are_free_and_bringing_it_back_is_checked()
    {
        LabelClass[] reused = [Open with { Retired = true }, Short with { Name = "open", HotKey = "1" }];
        Assert.Null(SchemaRules.Validate([Open], reused));
        Assert.NotNull(SchemaRules.Validate(reused, SchemaEdits.BringBack(reused, Open.Id)));
    }

    [Fact]
    public void Merging_a_class_takes_along_what_was_merged_into_it()
    {
        LabelClass third = Open with { Id = new Guid(3, 0, 0, new byte[8]), Name = "third", HotKey = null };
        IReadOnlyList<LabelClass> classes = SchemaEdits.Merge(SchemaEdits.Merge([Open, Short, third], Open.Id, Short.Id), Short.Id, third.Id);
        Assert.Null(SchemaRules.Validate([Open, Short, third], classes));
        Assert.All(classes, c => Assert.Equal(third.Id, SchemaEdits.Resolve(classes, c.Id)));
    }

    [Fact]
    public void Restoring_an_older_version_keeps_later_classes_retired() =>
        Assert.Equal([(Open.Id, true), (Short.Id, false)], SchemaEdits.Restore([Open, Short], [Open]).Select(c => (c.Id, c.IsOffered)));

    private static LabelAttribute Number => new(default, "depth", AttributeType.Number, [], false, null);

    private static LabelAttribute Select(params string[] options) => new(default, "side", AttributeType.Select, options, true, null);
}
