using System.Text.Json.Nodes;

namespace Decision.Server.TykApi.Answers;

/// <summary>What the Gateway's API and the Dashboard's say in different ways: where the credential is, and how a refusal looks.</summary>
internal sealed class Dialect
{
    public static readonly Dialect Gateway = new(
        "x-tyk-authorization",
        new Refusal(StatusCodes.Status403Forbidden, "Attempted administrative access with invalid or missing key!"),
        message => new JsonObject { ["status"] = "error", ["message"] = message });

    public static readonly Dialect Dashboard = new(
        "authorization",
        new Refusal(StatusCodes.Status401Unauthorized, "Not authorised"),
        message => new JsonObject { ["Status"] = "Error", ["Message"] = message, ["Meta"] = null });

    private readonly Func<string, JsonObject> _body;

    private Dialect(string header, Refusal unauthorised, Func<string, JsonObject> body)
    {
        (CredentialHeader, Unauthorised) = (header, unauthorised);
        _body = body;
    }

    /// <summary>The header that holds the bare secret.</summary>
    public string CredentialHeader { get; }

    /// <summary>The answer to a missing or wrong secret.</summary>
    public Refusal Unauthorised { get; }

    public TykAnswer ToAnswer(Refusal refusal) => new JsonAnswer(_body(refusal.Message), refusal.Status);
}
