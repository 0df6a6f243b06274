namespace Perenne.Hub.Annotate;

/// <summary>A slot that might be given out, with what the rules need to know of it.</summary>
internal readonly record struct Candidate(
    Guid AssignmentId,
    Guid TaskId,
    long QueueKey,
    long Fence,
    string? PartKey,
    Guid? PartOwner,
    string? Skill,
    Guid? ReservedFor,
    IReadOnlyCollection<Guid> PeopleOnTask);

/// <summary>What the rules need to know of a person in a campaign's pool.</summary>
internal sealed record Annotator(Guid Id, bool IsPaused, int? QuotaPerDay, int DoneToday, MemberSkills Skills);

/// <summary>Why somebody gets nothing at all, whatever is in the queue.</summary>
internal enum Standstill
{
    None,
    NotInPool,
    PersonPaused,
    CampaignNotRunning,
    QuotaReached,
}

/// <summary>
/// Who gets what: pure functions over data. Pulling a task and the preview of the distribution use these same rules,
/// so that the preview is what will happen.
/// </summary>
internal static class Distribution
{
    public static Standstill MayPull(CampaignState state, CampaignRules rules, Annotator? person) => person switch
    {
        _ when state != CampaignState.Running => Standstill.CampaignNotRunning,
        null => Standstill.NotInPool,
        { IsPaused: true } => Standstill.PersonPaused,
        _ when (person.QuotaPerDay ?? rules.QuotaPerDay) is { } quota && person.DoneToday >= quota => Standstill.QuotaReached,
        _ => Standstill.None,
    };

    public static bool MayTake(CampaignRules rules, Annotator person, in Candidate slot) =>
        (slot.ReservedFor is null || slot.ReservedFor == person.Id)
        && !slot.PeopleOnTask.Contains(person.Id)
        && person.Skills.Covers(slot.Skill)
        && (!rules.SamePartSamePerson || slot.PartKey is null || slot.PartOwner is null || slot.PartOwner == person.Id || slot.ReservedFor == person.Id);

    /// <summary>
    /// The slots this person may take, best first. Slots reserved for the person lead; then the queue's order. Within the first
    /// slots of equal priority the start is turned by <paramref name="salt"/>, so that hundreds of people pulling at once do not all
    /// try for the same row; the order stays right to within that window.
    /// </summary>
    /// <param name="window">How many slots of equal priority count as equally good; 1 keeps the exact order.</param>
    public static List<Candidate> Choices(CampaignRules rules, Annotator person, IReadOnlyList<Candidate> page, uint salt, int window)
    {
        List<Candidate> mine = [], others = [];
        foreach (Candidate slot in page)
        {
            if (MayTake(rules, person, slot))
                (slot.ReservedFor == person.Id ? mine : others).Add(slot);
        }

        if (others.Count > 1)
        {
            int best = QueueKey.PriorityOf(others[0].QueueKey);
            int equal = others.TakeWhile(slot => QueueKey.PriorityOf(slot.QueueKey) == best).Take(window).Count();
            Rotate(others, equal, (int)(salt % (uint)equal));
        }

        mine.AddRange(others);
        return mine;
    }

    private static void Rotate(List<Candidate> slots, int count, int by)
    {
        List<Candidate> head = [.. slots.Take(count)];
        for (int i = 0; i < count; i++)
            slots[i] = head[(i + by) % count];
    }
}
