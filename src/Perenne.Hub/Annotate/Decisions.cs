using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Annotate;

/// <param name="Id">The client's id of this decision: the same one again changes nothing.</param>
/// <param name="ActiveMilliseconds">Active time since the last operation.</param>
internal sealed record DecisionRequest(string Id, Guid AssignmentId, long Fence, int BaseRevision, long ActiveMilliseconds)
{
    public HubError? Problem() => string.IsNullOrEmpty(Id) || Id.Length > 64
        ? HubError.Invalid("id", "A decision needs an id of 1 to 64 characters, made by the client, so that a retry does no harm.")
        : null;
}
