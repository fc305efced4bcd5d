namespace Decision.Client;

/// <summary>
/// Settings of the client. With <c>AddDecisionClient</c> they are read from the configuration section <c>Decision</c> under the same names, then
/// set by code, and checked when the host starts; every problem is told at once.
/// </summary>
public sealed class DecisionClientOptions
{
    /// <summary>
    /// Where the service is: one address, or several separated by commas, which are asked in turn. <c>http://host:port</c> (HTTP/2 without TLS),
    /// <c>https://host:port</c>, or <c>unix:/path/of/the.sock</c>.
    /// </summary>
    /// <value>Default: <c>http://127.0.0.1:50051</c>.</value>
    public string Address { get; set; } = "http://127.0.0.1:50051";

    /// <summary>
    /// How long one decision may take, with connecting and all; then the failure mode answers. It is told to the service, which stops too. In
    /// configuration <c>200ms</c>, <c>1s</c> or <c>00:00:00.200</c>.
    /// </summary>
    /// <value>Default: 200 ms. 1 ms to 1 minute.</value>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The same for a whole batch.</summary>
    /// <value>Default: 5 s. 1 ms to 5 minutes.</value>
    public TimeSpan BatchDeadline { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What the answer is when the service gives none.</summary>
    /// <value>Default: <see cref="FailureMode.Closed"/>.</value>
    public FailureMode FailureMode { get; set; }

    /// <summary>
    /// The token that this client shows to the service, sent as <c>authorization: Bearer TOKEN</c>. Visible ASCII without blanks. Without TLS it
    /// crosses the network in clear, as the keys do.
    /// </summary>
    /// <value>Default: null, none.</value>
    public string? Token { get; set; }

    /// <summary>How to know the service, and be known by it, on <c>https</c> addresses.</summary>
    /// <value>Default: the system's trusted roots, no certificate of our own.</value>
    public DecisionTlsOptions Tls { get; } = new();

    /// <summary>
    /// How many denials by rate or quota are remembered, each for a second at most, so that a client that keeps calling costs few calls.
    /// About 1 KiB each.
    /// </summary>
    /// <value>Default: 10,000. 0 = nothing is remembered. 1,000,000 at most.</value>
    public int DenialMemoryCapacity { get; set; } = 10_000;

    /// <summary>
    /// What sends the HTTP requests, in place of the client's own handler: for tests, or to add to it. It must speak HTTP/2. The client does not
    /// dispose it. Not with <c>unix:</c> addresses or <see cref="Tls"/>: they are settings of the client's own.
    /// </summary>
    /// <value>Default: null, the client's own.</value>
    public HttpMessageHandler? HttpHandler { get; set; }

    // What could not be read from configuration: told together with what the values themselves are checked for.
    internal List<string> ReadingProblems { get; } = [];
}
