namespace Decision.Benchmarks.Load.Driving;

/// <summary>How keys are drawn.</summary>
internal enum KeyChoiceKind
{
    /// <summary>One after the other, each once before any comes again.</summary>
    Each,

    /// <summary>Each as likely as any other.</summary>
    Uniform,

    /// <summary>The n-th most busy one 1/n as often as the first.</summary>
    Zipf,
}
