namespace Decision.Runtime.Stores;

/// <summary>Port to counters of this process alone: what <c>on_store_failure: local</c> counts on while a shared store fails. Never fails, never waits.</summary>
public interface ILocalCounters
{
    /// <summary>Tests all charges and spends them together or not at all, as <see cref="ICounterStore.SpendAsync"/> does; no key is compared.</summary>
    /// <remarks>The charges come with this replica's share of each limit, under the counter's own name.</remarks>
    SpendResult Spend(in Spending spending);
}
