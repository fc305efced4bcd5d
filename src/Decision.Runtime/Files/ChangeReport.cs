using Decision.Runtime.Stores;
using Microsoft.Extensions.Logging;

namespace Decision.Runtime.Files;

/// <summary>Says in the log what a reload changed, and for how many keys.</summary>
internal sealed class ChangeReport(IKeyStore keys, ILogger log)
{
    // Each count is a call of the store; beyond it, only the sum is asked for.
    private const int MostCounted = 100;
    private const string NotKnown = "how many keys use it is not known";

    /// <summary>A line for each policy and API, then a summary. A store that fails costs the counts only.</summary>
    public async Task WriteAsync(
        string sources, IReadOnlyList<EntryChange> policies, IReadOnlyList<EntryChange> apis, FileReload reload)
    {
        bool isAnswering = true;
        for (int index = 0; index < policies.Count; index++)
        {
            string use = NotKnown;
            if (isAnswering && index < MostCounted)
            {
                long? count = await CountAsync([policies[index].Id]).ConfigureAwait(false);
                isAnswering = count is not null;
                use = count is { } known ? Use(known, "it") : NotKnown;
            }

            FileLayerLog.PolicyChanged(log, policies[index].Id, policies[index].Text, use);
        }

        foreach (var change in apis)
        {
            FileLayerLog.ApiChanged(log, change.Id, change.Text);
        }

        long? all = policies.Count == 0 ? 0
            : isAnswering ? await CountAsync([.. policies.Select(change => change.Id)]).ConfigureAwait(false)
            : null;
        FileLayerLog.Reloaded(
            log, sources, reload.Added, reload.Changed, reload.Removed, reload.Policies, reload.SwitchedOff, reload.Apis,
            all is { } sum ? Use(sum, "a policy that changed") : "how many keys use one that changed is not known");
    }

    private async Task<long?> CountAsync(string[] policyIds)
    {
        try
        {
            return await keys.CountUsingAsync(policyIds, CancellationToken.None).ConfigureAwait(false);
        }
        catch (StoreException error)
        {
            FileLayerLog.KeysNotCounted(log, error);
            return null;
        }
    }

    private static string Use(long count, string what) => count switch
    {
        0 => $"no key uses {what}",
        1 => $"1 key uses {what}",
        _ => $"{count} keys use {what}",
    };
}
