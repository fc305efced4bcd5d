using Decision.Engine.Charges;
using Decision.Engine.Limits;

namespace Decision.Runtime.Stores;

/// <summary>One counter as it is carried from store to store.</summary>
/// <param name="Subject">Whose it is.</param>
/// <param name="Name">Its name below the subject, such as <c>rate/policy:gold</c>.</param>
/// <param name="State">What it has recorded, a rate's or a quota's state as <see cref="LimitStateFormat"/> writes it.</param>
public sealed record StoredCounter(Subject Subject, string Name, ReadOnlyMemory<byte> State);
