namespace Decision.Server.TykApi.Answers;

/// <summary>A call is refused, with Tyk's status and sentence for it.</summary>
internal sealed class RefusedException(Refusal refusal) : Exception(refusal.Message)
{
    public RefusedException(int status, string message)
        : this(new Refusal(status, message))
    {
    }

    public Refusal Refusal { get; } = refusal;
}
