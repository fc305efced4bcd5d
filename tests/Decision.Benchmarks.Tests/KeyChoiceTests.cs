using Decision.Benchmarks.Load.Driving;

namespace Decision.Benchmarks.Tests;

public sealed class KeyChoiceTests
{
    private const int Keys = 1_000, Draws = 200_000;

    [Fact]
    public void Draw_each_gives_each_key_once()
    {
        var choice = new KeyChoice(Keys, KeyChoiceKind.Each);
        Assert.Equal(Enumerable.Range(0, Keys), Enumerable.Range(0, Keys).Select(turn => choice.Draw(new Random(1), turn)).Order());
    }

    [Fact]
    public void Draw_uniform_gives_each_key_about_as_often()
    {
        int[] counts = Count(KeyChoiceKind.Uniform);
        Assert.InRange(counts.Min(), 100, Draws / Keys);
        Assert.InRange(counts.Max(), Draws / Keys, 300);
    }

    [Fact]
    public void Draw_zipf_gives_the_first_key_ten_times_as_often_as_the_tenth()
    {
        int[] counts = Count(KeyChoiceKind.Zipf);
        Assert.InRange((double)counts[0] / counts[9], 6.5, 11);
        Assert.True(counts[Keys - 1] > 0);
    }

    private static int[] Count(KeyChoiceKind kind)
    {
        var (choice, random, counts) = (new KeyChoice(Keys, kind), new Random(1), new int[Keys]);
        for (int turn = 0; turn < Draws; turn++)
        {
            counts[choice.Draw(random, turn)]++;
        }

        return counts;
    }
}
