namespace Decision.Engine.Tests.Cases;

/// <summary>Collects what is not as expected, so that one run shows all of it.</summary>
internal sealed class Differences
{
    private readonly List<string> _found = [];

    /// <summary>Compares where something is expected.</summary>
    public void Compare<T>(string what, T? expected, T actual)
        where T : struct
    {
        if (expected is { } wanted && !EqualityComparer<T>.Default.Equals(wanted, actual))
        {
            _found.Add($"{what}: expected {wanted}, is {actual}");
        }
    }

    public void Compare(string what, string? expected, string actual)
    {
        if (expected is not null && expected != actual)
        {
            _found.Add($"{what}: expected \"{expected}\", is \"{actual}\"");
        }
    }

    /// <summary>Compares as sets.</summary>
    public void CompareSets(string what, IEnumerable<string>? expected, IEnumerable<string> actual)
    {
        if (expected is not null)
        {
            Compare(what, Set(expected), Set(actual));
        }
    }

    public void CompareLists(string what, IEnumerable<string>? expected, IEnumerable<string> actual)
    {
        if (expected is not null)
        {
            Compare(what, string.Join(", ", expected), string.Join(", ", actual));
        }
    }

    public void CompareMaps(string what, Dictionary<string, List<string>>? expected, IEnumerable<(string Name, IEnumerable<string> Values)> actual)
    {
        if (expected is not null)
        {
            CompareSets(
                what,
                expected.Select(entry => $"{entry.Key}[{Set(entry.Value)}]"),
                actual.Select(entry => $"{entry.Name}[{Set(entry.Values)}]"));
        }
    }

    public void Add(string problem) => _found.Add(problem);

    public void FailIfAny()
    {
        if (_found.Count > 0)
        {
            Assert.Fail(string.Join(Environment.NewLine, _found));
        }
    }

    private static string Set(IEnumerable<string> values) => string.Join(", ", values.Order(StringComparer.Ordinal));
}
