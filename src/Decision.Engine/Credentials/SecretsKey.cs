namespace Decision.Engine.Credentials;

/// <summary>What is asked of <c>Secrets:Key</c>, the service's own key for keyed hashes and for secrets at rest.</summary>
public static class SecretsKey
{
    /// <summary>Bytes that the key has at least. 32 random bytes are what the service makes for itself.</summary>
    public const int MinimumLength = 16;

    internal static void Require(ReadOnlySpan<byte> secretsKey)
    {
        if (secretsKey.Length < MinimumLength)
        {
            throw new ArgumentException(
                $"Secrets:Key must have at least {MinimumLength} bytes, it has {secretsKey.Length}. Set Secrets:Key to a longer random value.",
                nameof(secretsKey));
        }
    }
}
