using Perenne.Hub.Agree.Figures;
using Perenne.Hub.Shared.Pages;
using Perenne.Vision.Agreement;

namespace Perenne.Hub.Agree.Pages;

/// <summary>What the figures say, in the page's language.</summary>
internal static class Words
{
    public static string Of(Text t, ContradictionKind kind) => kind switch
    {
        ContradictionKind.Presence => t["Defect or none?"],
        ContradictionKind.LabelClass => t["Which class?"],
        _ => t["Is it one?"],
    };

    /// <summary>"2 say defect (Ana, Bo)": the camp in words.</summary>
    public static string Of(Text t, ContradictionCamp camp) =>
        t.Count(camp.People.Count, "{0} says", "{0} say") + " " + Says(t, camp.Says) + " (" + string.Join(", ", camp.People) + ")";

    public static string Says(Text t, string says) => says switch
    {
        "defect" => t["defect"],
        "no defect" => t["no defect"],
        "nothing here" => t["nothing here"],
        _ => "“" + says + "”",
    };

    public static string Of(Text t, TruthSource source) => source switch
    {
        TruthSource.Accepted => t["One answer, accepted"],
        TruthSource.Fixed => t["Corrected by a reviewer"],
        TruthSource.Consensus => t["Agreement of several"],
        TruthSource.Adjudicated => t["Decided by a person"],
        _ => t["Imported"],
    };
}
