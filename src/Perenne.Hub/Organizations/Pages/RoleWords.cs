using Perenne.Hub.Shared.Pages;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations.Pages;

internal static class RoleWords
{
    public static IReadOnlyList<Role> OfPeople { get; } = [Role.Annotator, Role.Reviewer, Role.Manager, Role.DataScientist, Role.Operator, Role.Administrator];

    public static string Name(Text T, Role role) => role switch
    {
        Role.Annotator => T["Annotator"],
        Role.Reviewer => T["Reviewer"],
        Role.Manager => T["Manager"],
        Role.DataScientist => T["Data scientist"],
        Role.Operator => T["Operator"],
        Role.Administrator => T["Administrator"],
        _ => T["Station"],
    };

    /// <summary>For the lists of a form: the role with what it is for.</summary>
    public static string Explained(Text T, Role role) => role switch
    {
        Role.Annotator => T["Annotator – draws and classifies"],
        Role.Reviewer => T["Reviewer – accepts and corrects"],
        Role.Manager => T["Manager – plans campaigns, adds images"],
        Role.DataScientist => T["Data scientist – classes, datasets, models"],
        Role.Operator => T["Operator – works at the station"],
        _ => T["Administrator – people and settings"],
    };

    public static IEnumerable<(string Value, string Words)> Options(Text T) => OfPeople.Select(role => (role.ToString(), Explained(T, role)));
}
