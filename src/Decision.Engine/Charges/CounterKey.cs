namespace Decision.Engine.Charges;

/// <summary>Names one counter: the subject, and the counter's name below it.</summary>
/// <remarks>Compiled once with a grant and compared on every request, so the hash is computed once.</remarks>
public sealed class CounterKey : IEquatable<CounterKey>
{
    private readonly int _hash;

    /// <summary>Names a counter.</summary>
    /// <param name="subject">Whose it is.</param>
    /// <param name="name">Group and scope, such as <c>rate/policy:gold</c>.</param>
    public CounterKey(Subject subject, string name)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentException.ThrowIfNullOrEmpty(name);
        Subject = subject;
        Name = name;
        _hash = HashCode.Combine(subject, name);
    }

    /// <summary>Whose counter it is.</summary>
    public Subject Subject { get; }

    /// <summary>Group and scope, such as <c>rate/policy:gold</c>; unique within the subject.</summary>
    public string Name { get; }

    /// <inheritdoc />
    public bool Equals(CounterKey? other) =>
        ReferenceEquals(this, other) || (other is not null && _hash == other._hash && Name == other.Name && Subject == other.Subject);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as CounterKey);

    /// <inheritdoc />
    public override int GetHashCode() => _hash;

    /// <inheritdoc />
    public override string ToString() => $"{Subject.Kind}:{Subject.Id}/{Name}";
}
