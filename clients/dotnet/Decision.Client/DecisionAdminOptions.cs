namespace Decision.Client;

/// <summary>
/// Settings of the client for administration. With <c>AddDecisionAdminClient</c> they are read from the configuration section <c>Decision:Admin</c>
/// under the same names, then set by code, and checked when the host starts.
/// </summary>
public sealed class DecisionAdminOptions
{
    /// <summary>Where the service is, as in <see cref="DecisionClientOptions.Address"/>.</summary>
    /// <value>Default: <c>Decision:Address</c> of the configuration, else <c>http://127.0.0.1:50051</c>.</value>
    public string Address { get; set; } = "http://127.0.0.1:50051";

    /// <summary>The service's admin secret. This or <see cref="SecretFile"/> is needed.</summary>
    /// <value>Default: null; then the environment's <c>DECISION_ADMIN_SECRET</c>.</value>
    public string? Secret { get; set; }

    /// <summary>A file with the admin secret, such as <c>admin-secret</c> in the server's data folder. Blanks and line ends around it do not count.</summary>
    /// <value>Default: null; then the environment's <c>DECISION_ADMIN_SECRET_FILE</c>.</value>
    public string? SecretFile { get; set; }

    /// <summary>How long one call may take. A call's own deadline counts over it.</summary>
    /// <value>Default: 10 s. 1 ms to 5 minutes.</value>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How to know the service, and be known by it, on <c>https</c> addresses.</summary>
    /// <value>Default: <c>Decision:Tls</c> of the configuration, else the system's trusted roots and no certificate of our own.</value>
    public DecisionTlsOptions Tls { get; } = new();

    internal List<string> ReadingProblems { get; } = [];
}
