namespace Perenne.Hub.Annotate;

/// <summary>A slot still to be done, for the preview.</summary>
internal sealed record PreviewSlot(Guid TaskId, long QueueKey, string? PartKey, string? Skill, Guid? ReservedFor);

/// <param name="MinutesPerTask">Measured median active time, or the assumed one.</param>
/// <param name="MinutesPerDay">Time the person has for it a day.</param>
internal sealed record PreviewPerson(Annotator Annotator, double MinutesPerTask, double MinutesPerDay);

/// <param name="Tasks">Slots the person would get.</param>
/// <param name="Days">Working days until the person's last one.</param>
internal sealed record PreviewShare(Guid PersonId, int Tasks, double Days);

/// <param name="LeftOver">Slots that nobody in the pool may take, by the rules.</param>
/// <param name="Days">Working days until the last slot is done.</param>
internal sealed record Preview(IReadOnlyList<PreviewShare> Shares, int LeftOver, double Days);

/// <summary>Plays the pulling through: whoever is free first takes the first slot of the queue that the rules allow.</summary>
internal sealed class DistributionPreview
{
    private readonly CampaignRules rules;
    private readonly PreviewSlot[] slots;
    private readonly bool[] taken;
    private readonly Dictionary<Guid, HashSet<Guid>> onTask = [];
    private readonly Dictionary<string, Guid> partOwners = [];
    private readonly ILookup<Guid, Guid> before;

    private DistributionPreview(CampaignRules rules, IEnumerable<PreviewSlot> slots, ILookup<Guid, Guid> before)
    {
        this.rules = rules;
        this.before = before;
        this.slots = [.. slots.OrderBy(slot => slot.QueueKey)];
        taken = new bool[this.slots.Length];
    }

    /// <param name="peopleOnTask">People who are on a task already.</param>
    /// <param name="maxDays">Where quotas would stretch it beyond, the rest counts as left over.</param>
    public static Preview Simulate(
        CampaignRules rules, IReadOnlyList<PreviewPerson> people, IEnumerable<PreviewSlot> slots, ILookup<Guid, Guid> peopleOnTask, int maxDays = 730) =>
        new DistributionPreview(rules, slots, peopleOnTask).Run(people, maxDays);

    private Preview Run(IReadOnlyList<PreviewPerson> people, int maxDays)
    {
        Dictionary<Guid, (int Tasks, double Days)> done = people.ToDictionary(p => p.Annotator.Id, _ => (0, 0.0));

        // Clock of each person in working days; the earliest moves next. Ties by id, so that the answer is always the same.
        PriorityQueue<(PreviewPerson Person, IEnumerator<int> Places), (double Now, Guid)> clock = new();
        foreach (PreviewPerson person in people.Where(p => !p.Annotator.IsPaused && p.MinutesPerDay > 0))
            clock.Enqueue((person, Places(person.Annotator).GetEnumerator()), (0, person.Annotator.Id));

        while (clock.TryDequeue(out var next, out var at))
        {
            if (at.Now > maxDays || !next.Places.MoveNext())
                continue; // Nothing more for this person: the queue only shrinks and the rules only tighten.
            Take(next.Person.Annotator, next.Places.Current);
            double finished = at.Now + DaysPerTask(next.Person);
            done[next.Person.Annotator.Id] = (done[next.Person.Annotator.Id].Tasks + 1, finished);
            clock.Enqueue(next, (finished, next.Person.Annotator.Id));
        }

        List<PreviewShare> shares = [.. people.Select(p => new PreviewShare(p.Annotator.Id, done[p.Annotator.Id].Tasks, done[p.Annotator.Id].Days))];
        return new(shares, taken.Count(one => !one), shares.Count == 0 ? 0 : shares.Max(share => share.Days));
    }

    // What the rules refuse once they refuse for good, so each person passes over the queue once: reserved slots, then the rest.
    private IEnumerable<int> Places(Annotator person)
    {
        for (int i = 0; i < slots.Length; i++)
        {
            if (slots[i].ReservedFor == person.Id && MayTake(person, i))
                yield return i;
        }

        for (int i = 0; i < slots.Length; i++)
        {
            if (MayTake(person, i))
                yield return i;
        }
    }

    private bool MayTake(Annotator person, int place)
    {
        if (taken[place])
            return false;
        PreviewSlot slot = slots[place];
        Guid? owner = slot.PartKey is not null && partOwners.TryGetValue(slot.PartKey, out Guid found) ? found : null;
        return Distribution.MayTake(rules, person, new(slot.TaskId, slot.TaskId, slot.QueueKey, 0, slot.PartKey, owner, slot.Skill, slot.ReservedFor, PeopleOn(slot.TaskId)));
    }

    private void Take(Annotator person, int place)
    {
        taken[place] = true;
        PeopleOn(slots[place].TaskId).Add(person.Id);
        if (slots[place].PartKey is { } part)
            partOwners.TryAdd(part, person.Id);
    }

    private double DaysPerTask(PreviewPerson person)
    {
        int? quota = person.Annotator.QuotaPerDay ?? rules.QuotaPerDay;
        return Math.Max(person.MinutesPerTask / person.MinutesPerDay, quota is { } most ? 1.0 / most : 0);
    }

    private HashSet<Guid> PeopleOn(Guid task)
    {
        if (!onTask.TryGetValue(task, out HashSet<Guid>? people))
            onTask[task] = people = [.. before[task]];
        return people;
    }
}
