using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Decision.Engine.Findings;
using Decision.Engine.Grants;
using Decision.Runtime.Catalogs;

namespace Decision.Runtime.Administration;

/// <summary>What makes the store's policies what they are to be, as long as nobody else changes them.</summary>
/// <param name="Policies">Every policy that is wanted or removed, in the order of their ids. None where a finding is an error.</param>
/// <param name="Findings">What is wrong, or probably not meant.</param>
/// <param name="Before">The policies of store and files that decisions go by.</param>
/// <param name="After">Those that they would go by.</param>
public sealed record PolicyPlan(IReadOnlyList<PolicyChange> Policies, FindingList Findings, PolicySet Before, PolicySet After)
{
    /// <summary>Those that differ.</summary>
    public IEnumerable<PolicyChange> Changes => Policies.Where(policy => policy.Kind != PolicyChangeKind.Unchanged);

    /// <summary>True when the policies are what they are to be.</summary>
    public bool IsEmpty => !Changes.Any();

    /// <summary>True when policies are removed that keys use: that is only done by force.</summary>
    public bool NeedsForce => Policies.Any(policy => policy is { Kind: PolicyChangeKind.Deleted, KeysUsing: > 0 });

    /// <summary>
    /// Names the changes: the same changes of the same stored policies have the same fingerprint, and no others. Empty = there is nothing to do.
    /// </summary>
    public string Fingerprint { get; } = FingerprintOf(Policies);

    private static string FingerprintOf(IReadOnlyList<PolicyChange> policies)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        bool isEmpty = true;
        foreach (var policy in policies.Where(policy => policy.Kind != PolicyChangeKind.Unchanged))
        {
            isEmpty = false;
            byte[] content = policy.After is { } after ? DocumentFormat.Write(after with { LastUpdated = "" }) : [];
            hash.AppendData(Encoding.UTF8.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"{policy.Kind}\n{policy.Id}\n{policy.Etag}\n{content.Length}\n")));
            hash.AppendData(content);
        }

        return isEmpty ? "" : Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
