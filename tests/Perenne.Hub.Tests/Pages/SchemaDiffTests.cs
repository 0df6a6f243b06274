using Perenne.Hub.Organizations;
using Perenne.Hub.Organizations.Pages;

namespace Perenne.Hub.Tests.Pages;

public class SchemaDiffTests
{
    private static LabelClass Class(int id, string name) => new(new Guid(id, 0, 0, new byte[8]), name, "#d55e00", null, "", [], []);

    [Fact]
    public void A_rename_is_one_change_and_not_a_removal_and_an_addition()
    {
        DiffLine line = Assert.Single(SchemaDiff.Between([Class(1, "open")], [Class(1, "break")]));
        Assert.Equal((DiffKind.Changed, "Name", "open", "break"), (line.Kind, line.Field, line.Before, line.After));
    }

    [Fact]
    public void A_merge_names_the_class_it_counts_as()
    {
        LabelClass open = Class(1, "open"), spur = Class(2, "spur");
        DiffLine line = Assert.Single(SchemaDiff.Between([open, spur], [open, spur with { MergedInto = open.Id }]));
        Assert.Equal(("Merged into", null, "open"), (line.Field, line.Before, line.After));
    }

    [Fact]
    public void Another_order_is_told_even_where_no_class_changed()
    {
        DiffLine line = Assert.Single(SchemaDiff.Between([Class(1, "open"), Class(2, "spur")], [Class(2, "spur"), Class(1, "open")]));
        Assert.Equal(("Order", "open, spur", "spur, open"), (line.Field, line.Before, line.After));
    }

    [Fact]
    public void Moving_a_class_up_skips_those_that_are_no_longer_offered()
    {
        IReadOnlyList<LabelClass> moved = ClassForm.MovedUp([Class(1, "open"), Class(2, "old") with { Retired = true }, Class(3, "spur")], Class(3, "spur").Id);
        Assert.Equal(["spur", "old", "open"], moved.Select(c => c.Name));
        Assert.Equal(["open", "spur"], ClassForm.MovedUp([Class(1, "open"), Class(3, "spur")], Class(1, "open").Id).Select(c => c.Name));
    }
}
