using System.Runtime.CompilerServices;

namespace Decision.Engine.Charges;

/// <summary>
/// One value for each charge, in their order. What one request needs lies in the value itself and allocates nothing; a group of requests
/// that are decided together may have more, which lie beside it.
/// </summary>
/// <typeparam name="T">What each charge has.</typeparam>
public struct PerCharge<T>
{
    private Slots _slots;
    private T[]? _more;

    /// <summary>The value of a charge; the default where none was set.</summary>
    public T this[int index]
    {
        readonly get => index < ChargeList.Usual ? _slots[index]
            : _more is not null && index - ChargeList.Usual < _more.Length ? _more[index - ChargeList.Usual]
            : default!;
        set
        {
            if (index < ChargeList.Usual)
            {
                _slots[index] = value;
            }
            else
            {
                SetMore(index - ChargeList.Usual, value);
            }
        }
    }

    // A copy of this value shares the array: so it is replaced, not changed.
    private void SetMore(int index, T value)
    {
        var more = new T[Math.Max(index + 1, _more?.Length ?? 0)];
        _more?.CopyTo(more, 0);
        more[index] = value;
        _more = more;
    }

    [InlineArray(ChargeList.Usual)]
    private struct Slots
    {
        private T _first;
    }
}
