using Decision.Engine;
using Decision.Runtime.Observation.Refusals;

namespace Decision.Runtime.Tests.Observation;

public sealed class HeavyHittersTests
{
    [Fact]
    public void While_there_is_room_counts_are_exact()
    {
        var sketch = new HeavyHitters(4);
        foreach (char name in "abcaabdaa")
        {
            sketch.Count(Name($"{name}"), Reason.RateLimited);
        }

        Assert.Equal(["a 5 0", "b 2 0", "c 1 0", "d 1 0"], Told(sketch));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Frequent_names_are_found_among_very_many_and_no_count_is_too_low_or_beyond_its_error(int seed)
    {
        const int Capacity = 100;
        var random = new Random(seed);
        var sketch = new HeavyHitters(Capacity);
        var truth = new Dictionary<string, long>();
        for (int number = 0; number < 200_000; number++)
        {
            // Ten names make up half of all, the others are a hundred thousand.
            string name = random.Next(2) == 0 ? $"frequent-{random.Next(10)}" : $"rare-{random.Next(100_000)}";
            truth[name] = truth.GetValueOrDefault(name) + 1;
            sketch.Count(Name(name), Reason.QuotaExceeded);
        }

        var told = sketch.Entries.ToArray();
        Assert.Equal(Capacity, told.Length);
        Assert.All(told, entry => Assert.InRange(truth[entry.Name.Name], entry.Count - entry.Error, entry.Count));
        Assert.Equal(
            truth.OrderByDescending(one => one.Value).Take(10).Select(one => one.Key).Order(),
            told.OrderByDescending(entry => entry.Count).Take(10).Select(entry => entry.Name.Name).Order());
        Assert.All(truth.Where(one => one.Value > 200_000 / Capacity), one => Assert.Contains(told, entry => entry.Name.Name == one.Key));
    }

    private static HeavyHitters.Refused Name(string name) => new(name, "acme");

    private static IEnumerable<string> Told(HeavyHitters sketch) =>
        sketch.Entries.ToArray().OrderByDescending(entry => entry.Count).ThenBy(entry => entry.Name.Name).Select(entry => $"{entry.Name.Name} {entry.Count} {entry.Error}");
}
