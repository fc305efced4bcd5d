using System.Runtime.CompilerServices;
using Decision.Engine.Charges;

namespace Decision.Storage.Redis.Counters;

/// <summary>The moment at which each charge was tested, in microseconds since the Unix epoch.</summary>
[InlineArray(ChargeList.Capacity)]
internal struct SpendMoments
{
    private long _first;
}
