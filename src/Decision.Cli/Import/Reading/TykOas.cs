namespace Decision.Cli.Import.Reading;

/// <summary>Names of Tyk's OpenAPI definitions.</summary>
internal static class TykOas
{
    /// <summary>Where Tyk's own settings stand in an OpenAPI document.</summary>
    public const string Extension = "x-tyk-api-gateway";
}
