namespace Decision.Runtime.Stores;

/// <summary>The store could not answer. The message is safe to show; the cause is the inner exception, for the log.</summary>
public sealed class StoreException : Exception
{
    /// <summary>The store could not answer.</summary>
    public StoreException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
