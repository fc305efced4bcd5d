using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Import.Planning;

/// <summary>What an import would do, all of it, before anything is written.</summary>
/// <param name="Policies">Policies to write.</param>
/// <param name="Apis">API records to write.</param>
/// <param name="Keys">Keys to write.</param>
/// <param name="Listed">Keys that cannot be carried over, each with its reason.</param>
/// <param name="Effects">Every difference, where it applies.</param>
/// <param name="Refusals">What refuses the import as a whole: findings of policies (D17). Where there is any, nothing is written.</param>
/// <param name="Notes">What else a person should know.</param>
internal sealed record ImportPlan(
    IReadOnlyList<Planned<Policy>> Policies,
    IReadOnlyList<Planned<Api>> Apis,
    IReadOnlyList<PlannedKey> Keys,
    IReadOnlyList<ListedKey> Listed,
    IReadOnlyList<Effect> Effects,
    IReadOnlyList<string> Refusals,
    IReadOnlyList<string> Notes)
{
    /// <summary>How many records would be written, use of keys included.</summary>
    public int Writes =>
        Policies.Count(static one => one.IsWritten) + Apis.Count(static one => one.IsWritten) + Keys.Count(static key => key.Record.IsWritten || key.Usage.Count > 0);

    /// <summary>What widens and was not accepted.</summary>
    public IReadOnlyList<Effect> NotAccepted(IReadOnlySet<string> accepted) =>
        [.. Effects.Where(effect => effect.Widens && !accepted.Contains(effect.Code))];
}

/// <summary>What happens to a record.</summary>
internal enum PlannedAction : byte
{
    /// <summary>It is new.</summary>
    Create,

    /// <summary>The service has it with another content.</summary>
    Update,

    /// <summary>The service has it as it is.</summary>
    Unchanged,

    /// <summary>It cannot be written; the problem says why.</summary>
    Refused,
}

/// <summary>A record and what happens to it.</summary>
/// <param name="Id">Its id; of a new key, empty.</param>
/// <param name="Record">What is written.</param>
/// <param name="Action">What happens.</param>
/// <param name="Etag">Of the record that is replaced.</param>
/// <param name="Problem">Why it cannot be written; empty = it can.</param>
internal sealed record Planned<T>(string Id, T Record, PlannedAction Action, string Etag = "", string Problem = "")
{
    /// <summary>Whether something is written.</summary>
    public bool IsWritten => Action is PlannedAction.Create or PlannedAction.Update;
}

/// <summary>A key and what happens to it.</summary>
/// <param name="Name">Names it in reports.</param>
/// <param name="Text">What the client presents.</param>
/// <param name="Record">The key; its id is that of the key at the service, where there is one.</param>
/// <param name="Usage">Units used at Tyk, by the scope of the quota here.</param>
/// <param name="SharesCounters">True = others may count on the same counters (<c>rate_limit_pattern</c>).</param>
internal sealed record PlannedKey(string Name, string Text, Planned<Key> Record, IReadOnlyDictionary<string, long> Usage, bool SharesCounters);

/// <summary>A key that cannot be carried over.</summary>
/// <param name="Name">Names it in reports.</param>
/// <param name="Reason">Why, and what to do.</param>
internal sealed record ListedKey(string Name, string Reason);
