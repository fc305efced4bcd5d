using Decision.Engine.Credentials;

namespace Decision.Runtime.Keys;

/// <summary>A token that was compared with a hash of its key and found right. When the hash ends lies in it: one object less to look at in a decision.</summary>
internal sealed class KnownToken(KeyHash hash, UInt128 fingerprint)
{
    private readonly UInt128 _fingerprint = fingerprint;
    private readonly long _endsAtUs = hash.EndsAtUs ?? long.MaxValue;

    /// <summary>Whether a text with this fingerprint is it, and still counts.</summary>
    public bool Is(UInt128 fingerprint, long nowUs) => TokenFingerprint.AreEqual(_fingerprint, fingerprint) && nowUs < _endsAtUs;
}
