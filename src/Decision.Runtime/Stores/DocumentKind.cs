namespace Decision.Runtime.Stores;

/// <summary>What a document is. The numbers are stored.</summary>
public enum DocumentKind : byte
{
    /// <summary>A policy.</summary>
    Policy = 1,

    /// <summary>An entry of the API registry.</summary>
    Api = 2,

    /// <summary>An organisation.</summary>
    Organization = 3,

    /// <summary>The last good set of a file layer.</summary>
    FileLayer = 4,

    /// <summary>An admin credential.</summary>
    AdminCredential = 5,

    /// <summary>When an admin credential was used last.</summary>
    CredentialUse = 6,
}
