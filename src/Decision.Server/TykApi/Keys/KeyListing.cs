using Decision.Runtime.Administration;
using Decision.Runtime.Stores;

namespace Decision.Server.TykApi.Keys;

/// <summary>Which keys to list, and where they come from.</summary>
/// <param name="Store">The keys.</param>
/// <param name="Keys">Applies policies to them.</param>
/// <param name="Log">Where a failure in the middle is told.</param>
/// <param name="Filter">What the store looks for.</param>
/// <param name="ApiId">Only keys that may call this API, by themselves or by a policy; empty = all.</param>
internal sealed record KeyListing(IKeyStore Store, KeyAdministration Keys, ILogger Log, KeyFilter Filter, string ApiId);
