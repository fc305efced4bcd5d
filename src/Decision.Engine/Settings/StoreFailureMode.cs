namespace Decision.Engine.Settings;

/// <summary>What stands in for counters whose store fails. In order of strictness: the smallest wins a merge.</summary>
public enum StoreFailureMode : byte
{
    /// <summary>Refuse with STORE_UNAVAILABLE.</summary>
    Deny = 0,

    /// <summary>Count in this replica, with the limit divided by the number of replicas.</summary>
    Local = 1,

    /// <summary>Admit without counting.</summary>
    Allow = 2,
}
