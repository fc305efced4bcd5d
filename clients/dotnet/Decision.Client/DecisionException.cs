namespace Decision.Client;

/// <summary>Something that no failure mode may cover up: a mistake of the caller or of its configuration.</summary>
public abstract class DecisionException : Exception
{
    private protected DecisionException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
