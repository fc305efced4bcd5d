namespace Decision.Runtime.Transfer;

/// <summary>One thing that keeps an export from being imported.</summary>
/// <param name="Line">The line in the file, from 1; 0 = the file as a whole.</param>
/// <param name="Message">A sentence: what is wrong and what to do.</param>
public sealed record ImportFinding(long Line, string Message)
{
    /// <summary>Line and sentence.</summary>
    public override string ToString() => Line == 0 ? Message : $"line {Line}: {Message}";
}
