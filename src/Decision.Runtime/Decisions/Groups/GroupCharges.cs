using Decision.Engine.Charges;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Decisions.Groups;

/// <summary>The charges of all members of a group, each counter once: what two of them cost on one counter is added.</summary>
internal sealed class GroupCharges
{
    private readonly Dictionary<CounterKey, int> _places = [];
    private readonly List<Charge> _charges = [];
    private readonly List<long> _costs = [];

    public GroupCharges(IEnumerable<GroupMember> members, Func<GroupMember, long> costOf)
    {
        foreach (var member in members)
        {
            member.Places.Clear();
            for (int index = 0; index < member.Admission.Charges.Count; index++)
            {
                var charge = member.Admission.Charges[index];
                long cost = costOf(member);
                if (_places.TryGetValue(charge.Counter, out int place))
                {
                    _costs[place] = Sum(_costs[place], cost);
                }
                else
                {
                    _places.Add(charge.Counter, place = _charges.Count);
                    _charges.Add(charge);
                    _costs.Add(cost);
                }

                member.Places.Add(place);
            }
        }
    }

    public int Count => _charges.Count;

    /// <summary>The spending of them all.</summary>
    public Spending ToSpending(KeyProofOfGroup? key, bool isPeek)
    {
        var list = default(ChargeList);
        foreach (var charge in _charges)
        {
            list.Add(charge);
        }

        return new Spending
        {
            Charges = list,
            Cost = 1,
            Costs = _costs,
            IsPeek = isPeek,
            KeyId = key?.Id,
            KeyVersion = key?.Version ?? 0,
        };
    }

    private static long Sum(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
}
