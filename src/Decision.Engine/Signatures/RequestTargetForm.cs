namespace Decision.Engine.Signatures;

/// <summary>What stands behind the method in a signed <c>(request-target)</c>.</summary>
public enum RequestTargetForm : byte
{
    /// <summary>Path and query exactly as received, as the drafts of HTTP signatures say: the query is protected too.</summary>
    PathAndQuery,

    /// <summary>Tyk's form: the path with its percent-escapes decoded, without the query, which is then not protected by the signature.</summary>
    DecodedPath,
}
