namespace Decision.Server.TykApi.Answers;

/// <summary>How a call is refused.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Message">One sentence, or what it begins with.</param>
internal readonly record struct Refusal(int Status, string Message)
{
    public static Refusal operator +(Refusal refusal, string detail) => refusal with { Message = refusal.Message + detail };
}
