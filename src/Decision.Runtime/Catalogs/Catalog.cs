using Decision.Engine;
using Decision.Engine.Apis;
using Decision.Engine.Findings;
using Decision.Engine.Grants;
using Decision.Engine.Organizations;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Catalogs;

/// <summary>
/// Holds what decisions go by: the store's layer and the file layer, joined into one <see cref="RuleSet"/> that is swapped whole. A
/// reader takes <see cref="Rules"/> once per request; writers are serialised by <see cref="Gate"/>.
/// </summary>
public sealed class Catalog
{
    private readonly EngineOptions _options;
    private volatile RuleSet _rules;
    private volatile bool _isStoreUnread;

    /// <summary>An empty catalog.</summary>
    public Catalog(IOptions<RuntimeOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value.Engine;
        _rules = RuleSet.Empty with { Options = _options };
    }

    /// <summary>What decisions go by now.</summary>
    public RuleSet Rules => _rules;

    /// <summary>The store's policies, APIs and organisations, by id.</summary>
    public CatalogLayer Store { get; private set; } = CatalogLayer.Empty;

    /// <summary>The files' policies and APIs, by id; they count before the store's.</summary>
    public CatalogLayer Files { get; private set; } = CatalogLayer.Empty;

    /// <summary>What two APIs of the registry both claim, and ids that both layers have.</summary>
    public IReadOnlyList<Finding> Conflicts { get; private set; } = [];

    /// <summary>
    /// True while a shared store that did not answer at the start was not read even once: what its policies, APIs and organisations say is not
    /// known then. Read it before <see cref="Rules"/>.
    /// </summary>
    public bool IsStoreUnread
    {
        get => _isStoreUnread;
        internal set => _isStoreUnread = value;
    }

    /// <summary>For what must know the store's policies, APIs and organisations.</summary>
    /// <exception cref="StoreException">They were not read even once.</exception>
    internal void ThrowIfStoreUnread()
    {
        if (_isStoreUnread)
        {
            throw new StoreException("The store's policies, APIs and organisations are not loaded yet: the store did not answer since the start. Try again in a moment.");
        }
    }

    /// <summary>Held by whoever changes a layer, from reading what there is until the swap.</summary>
    internal SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>What a layer would conflict with, without swapping it in.</summary>
    internal FindingList ConflictsOf(CatalogLayer store, CatalogLayer files)
    {
        var findings = new FindingList();
        Build(store, files, findings);
        return findings;
    }

    /// <summary>Swaps the layers in; the next request goes by them.</summary>
    internal void Swap(CatalogLayer store, CatalogLayer files)
    {
        var findings = new FindingList();
        var rules = Build(store, files, findings);
        (Store, Files, Conflicts) = (store, files, findings);
        _rules = rules;
    }

    private RuleSet Build(CatalogLayer store, CatalogLayer files, FindingList findings)
    {
        foreach (string id in files.Policies.Keys.Where(store.Policies.ContainsKey).Order(StringComparer.Ordinal))
        {
            findings.Warn($"policy {id}", "id", $"is in {files.Policies[id].Source} and in the store; the file's counts.");
        }

        foreach (string id in files.Apis.Keys.Where(store.Apis.ContainsKey).Order(StringComparer.Ordinal))
        {
            findings.Warn($"API {id}", "api_id", $"is in {files.Apis[id].Source} and in the store; the file's counts.");
        }

        // An unchanged part stays the same object, so that grants compiled from it stay current.
        var policies = ReferenceEquals(store.Policies, Store.Policies) && ReferenceEquals(files.Policies, Files.Policies)
            ? _rules.Policies
            : new PolicySet(store.Policies.Values.Concat(files.Policies.Values));
        var apis = new ApiRegistry(store.Apis.Values.Concat(files.Apis.Values), findings);
        var organizations = ReferenceEquals(store.Organizations, Store.Organizations)
            ? _rules.Organizations
            : new OrganizationSet(store.Organizations.Values);
        return new RuleSet(policies, apis, organizations, _options);
    }
}
