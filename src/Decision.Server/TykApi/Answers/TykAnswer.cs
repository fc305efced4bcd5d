namespace Decision.Server.TykApi.Answers;

/// <summary>What a call answers: a status, and a body of JSON.</summary>
internal abstract class TykAnswer(int status)
{
    public int Status { get; } = status;

    /// <summary>Writes status and body.</summary>
    public Task SendAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        context.Response.ContentType = "application/json";
        return WriteBodyAsync(context);
    }

    protected abstract Task WriteBodyAsync(HttpContext context);
}
