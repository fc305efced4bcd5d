namespace Decision.Engine;

/// <summary>What the look-up of the presented key found.</summary>
public enum KeyPresence : byte
{
    /// <summary>The request carries no key.</summary>
    Missing = 0,

    /// <summary>No key has this text.</summary>
    Unknown = 1,

    /// <summary>The key was presented whole, and found.</summary>
    Found = 2,

    /// <summary>Only the key's id was presented, as <c>keyId</c> of a signature: without a valid one it is nobody.</summary>
    FoundById = 3,
}
