namespace Decision.Benchmarks.Load.Driving;

/// <summary>Which of many keys a request is for.</summary>
/// <param name="Keys">How many there are.</param>
/// <param name="Kind">How they are drawn.</param>
internal sealed record KeyChoice(int Keys, KeyChoiceKind Kind)
{
    /// <summary>Draws the number of a key.</summary>
    /// <param name="random">Chance.</param>
    /// <param name="turn">How many were drawn before.</param>
    public int Draw(Random random, int turn) => Kind switch
    {
        KeyChoiceKind.Each => turn % Keys,
        KeyChoiceKind.Uniform => random.Next(Keys),
        // The inverse of the distribution's integral: log-uniform.
        KeyChoiceKind.Zipf => Math.Min((int)Math.Exp(random.NextDouble() * Math.Log(Keys + 1)) - 1, Keys - 1),
        _ => throw new InvalidOperationException($"Nobody draws keys by {Kind}."),
    };
}
