using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Runtime.Keys;

namespace Decision.Runtime.Decisions.Groups;

/// <summary>A question of a group on its way: what is known before the counters, and where its charges are among those of the group.</summary>
internal sealed class GroupMember(GroupedCall call, Admission admission, KeyEntry? entry)
{
    private readonly Admission _admission = admission;

    public GroupedCall Call { get; } = call;

    public ref readonly Admission Admission => ref _admission;

    /// <summary>The key's record; null = no key was needed or found.</summary>
    public KeyEntry? Entry { get; } = entry;

    /// <summary>Of each of its charges the place among those of the group.</summary>
    public List<int> Places { get; } = [];

    /// <summary>The verdict, by what the counters answered to the group.</summary>
    public Verdict Conclude(in ChargeOutcomes outcomes)
    {
        var own = default(ChargeOutcomes);
        for (int index = 0; index < Places.Count; index++)
        {
            own[index] = outcomes[Places[index]];
        }

        return DecisionEngine.Conclude(in _admission, in own);
    }
}
