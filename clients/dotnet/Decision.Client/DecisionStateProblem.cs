namespace Decision.Client;

/// <summary>Why the service refuses an act of administration, given the state that things are in.</summary>
public enum DecisionStateProblem
{
    /// <summary>There is no such key, policy, API or organisation.</summary>
    NotFound = 0,

    /// <summary>The id is taken.</summary>
    AlreadyExists = 1,

    /// <summary>Somebody else changed it since the etag was read: read again, then change.</summary>
    Conflict = 2,

    /// <summary>It must not be done as things are, such as removing a policy in use, or changing one that comes from a file.</summary>
    Precondition = 3,
}
