namespace Decision.Runtime.Credentials;

/// <summary>What an admin credential may do; each role may do what those before it may. The numbers are stored.</summary>
public enum AdminRole : byte
{
    /// <summary>Reads everything but secrets.</summary>
    Viewer = 1,

    /// <summary>Also makes, changes, rotates and removes keys, and changes what they have used.</summary>
    Operator = 2,

    /// <summary>Everything: also policies, APIs, organisations, credentials and reloads.</summary>
    Admin = 3,
}
