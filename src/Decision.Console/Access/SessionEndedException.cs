namespace Decision.Console.Access;

/// <summary>Who was signed in is not any more: signed out, away for too long, or the credential has ended.</summary>
public sealed class SessionEndedException : Exception
{
    /// <summary>With the sentence for people.</summary>
    public SessionEndedException()
        : base("The session has ended: sign in again.")
    {
    }
}
