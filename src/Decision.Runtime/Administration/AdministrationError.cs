namespace Decision.Runtime.Administration;

/// <summary>What kind of refusal an admin call met.</summary>
public enum AdministrationError
{
    /// <summary>Nothing has this id.</summary>
    NotFound,

    /// <summary>The id, or the custom key, is taken.</summary>
    AlreadyExists,

    /// <summary>What is stored is not what the caller's etag names: read it again.</summary>
    Conflict,

    /// <summary>The state forbids it; the message says what to do first.</summary>
    FailedPrecondition,

    /// <summary>The request is wrong; the findings say where.</summary>
    Invalid,

    /// <summary>The caller's credential is not for this.</summary>
    PermissionDenied,
}
