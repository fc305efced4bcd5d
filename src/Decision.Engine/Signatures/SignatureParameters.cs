namespace Decision.Engine.Signatures;

/// <summary>The parameters of an <c>Authorization: Signature ...</c> header, as <see cref="HttpSignature.TryParse"/> read them.</summary>
/// <param name="KeyId">The key that signed.</param>
/// <param name="Algorithm">As the client named it; empty = not named, which means hmac-sha1.</param>
/// <param name="Headers">Names of the signed headers in lower case, in the order signed, each once; <c>date</c> where none were named.</param>
/// <param name="Signature">The signature as sent: base64, perhaps URL-escaped.</param>
public readonly record struct SignatureParameters(string KeyId, string Algorithm, IReadOnlyList<string> Headers, string Signature)
{
    /// <summary>Names the key alone: a signature can be replayed while its date is fresh, so it must not reach a log.</summary>
    public override string ToString() => $"Signature keyId=\"{KeyId}\"";
}
