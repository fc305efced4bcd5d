using Decision.Engine.Charges;

namespace Decision.Storage.Embedded.Counters;

/// <summary>The subjects of one spending: by charge, and the distinct ones in the order of their locks. A value: nothing is allocated.</summary>
internal struct ChargedSubjects
{
    private PerCharge<SubjectCounters?> _byCharge;
    private PerCharge<SubjectCounters?> _distinct;
    private int _locked;

    public ChargedSubjects() => (_byCharge, _distinct) = (default, default);

    /// <summary>How many distinct subjects there are.</summary>
    public int Count { get; private set; }

    /// <summary>The subject of a charge.</summary>
    public readonly SubjectCounters this[int charge] => _byCharge[charge]!;

    /// <summary>A distinct subject, in the order of the locks.</summary>
    public readonly SubjectCounters Distinct(int index) => _distinct[index]!;

    /// <summary>The subject where an earlier charge already named it, else null.</summary>
    public readonly SubjectCounters? Find(Subject subject)
    {
        for (int i = 0; i < Count; i++)
        {
            SubjectCounters known = _distinct[i]!;
            if (ReferenceEquals(known.Subject, subject) || known.Subject.Equals(subject))
            {
                return known;
            }
        }

        return null;
    }

    public void Name(int charge, SubjectCounters subject) => _byCharge[charge] = subject;

    public void Insert(SubjectCounters subject)
    {
        int at = Count++;
        for (; at > 0 && _distinct[at - 1]!.Sequence > subject.Sequence; at--)
        {
            _distinct[at] = _distinct[at - 1];
        }

        _distinct[at] = subject;
    }

    /// <summary>Locks all of them; false, and none is locked, when one has left the store.</summary>
    public bool TryLock()
    {
        for (int i = 0; i < Count; i++)
        {
            Monitor.Enter(_distinct[i]!);
            _locked++;
            if (_distinct[i]!.IsGone)
            {
                Unlock();
                return false;
            }
        }

        return true;
    }

    public void Unlock()
    {
        while (_locked > 0)
        {
            Monitor.Exit(_distinct[--_locked]!);
        }
    }
}
