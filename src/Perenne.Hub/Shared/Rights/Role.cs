namespace Perenne.Hub.Shared.Rights;

/// <summary>What a membership makes a person (or a machine) in one organization.</summary>
internal enum Role
{
    Annotator,
    Reviewer,
    Manager,
    DataScientist,
    Operator,
    Administrator,

    /// <summary>A station's machine identity; never given to people.</summary>
    Station,
}
