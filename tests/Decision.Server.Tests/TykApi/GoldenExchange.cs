namespace Decision.Server.Tests.TykApi;

/// <param name="Place">File and line.</param>
/// <param name="Request">The request's first line and headers.</param>
/// <param name="RequestBody">Its body; empty = none.</param>
/// <param name="Answer">The answer's status and headers.</param>
/// <param name="AnswerBody">Its body; empty = none.</param>
internal sealed record GoldenExchange(
    string Place, IReadOnlyList<string> Request, string RequestBody, IReadOnlyList<string> Answer, string AnswerBody);
