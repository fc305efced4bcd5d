namespace Decision.Engine.Credentials;

/// <summary>What a client sent where its key is expected.</summary>
public enum PresentedKeyForm : byte
{
    /// <summary>Nothing, or <c>Bearer </c> with nothing behind it: the key is missing.</summary>
    None,

    /// <summary>A key: one made here or a custom one.</summary>
    Key,

    /// <summary>An HTTP signature (<c>Signature keyId="..."</c>), which names a key instead of showing it.</summary>
    Signature,

    /// <summary>Longer than any key: equal to none, so unknown without hashing it or asking a store.</summary>
    TooLong,
}
