using Decision.Engine.Charges;
using Decision.Runtime.Stores;

namespace Decision.Storage.Redis.Counters;

/// <summary>The distinct subjects of a spending: the key first where its version is compared, then in the order of the charges.</summary>
internal struct SpendingSubjects
{
    private PerCharge<Subject?> _subjects;
    private PerCharge<int> _places;

    public int Count { get; private set; }

    public readonly Subject this[int index] => _subjects[index]!;

    /// <summary>Place of a charge's subject.</summary>
    public readonly int PlaceOf(int charge) => _places[charge];

    public static SpendingSubjects Of(in Spending spending)
    {
        SpendingSubjects subjects = default;
        (subjects._subjects, subjects._places) = (default, default);
        ChargeList charges = spending.Charges;
        Subject? key = null;
        string keyId = spending.KeyId ?? "";
        if (SpendingWriter.ComparesKey(spending))
        {
            // The charges name the key's subject already, in nearly every case.
            for (int i = charges.Count - 1; i >= 0 && key is null; i--)
            {
                Subject subject = charges[i].Counter.Subject;
                key = subject.Kind == SubjectKind.Key && subject.Id == keyId ? subject : null;
            }

            subjects.Add(key ?? new Subject(SubjectKind.Key, keyId));
        }

        for (int i = 0; i < charges.Count; i++)
        {
            subjects._places[i] = subjects.Find(charges[i].Counter.Subject);
        }

        return subjects;
    }

    private int Find(Subject subject)
    {
        for (int i = 0; i < Count; i++)
        {
            if (ReferenceEquals(_subjects[i], subject) || _subjects[i]!.Equals(subject))
            {
                return i;
            }
        }

        return Add(subject);
    }

    private int Add(Subject subject)
    {
        _subjects[Count] = subject;
        return Count++;
    }
}
