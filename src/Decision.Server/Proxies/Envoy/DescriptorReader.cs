using System.Globalization;
using System.Text;
using Decision.Contracts.V1;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Engine.Settings;
using Decision.Runtime.Decisions.Groups;
using Decision.Server.Grpc;
using Envoy.Extensions.Common.RateLimit.V3;
using Envoy.Service.RateLimit.V3;
using Envoy.Type.V3;

namespace Decision.Server.Proxies.Envoy;

/// <summary>
/// From a descriptor to the question that it asks: about a key (<c>api_key</c> or <c>key_id</c>, with <c>api_id</c> or <c>host</c>, <c>method</c>,
/// <c>path</c>), about a policy's limits (<c>policy</c>, the other entries being the subject), or none of ours.
/// </summary>
internal static class DescriptorReader
{
    private const int LongestId = 128;

    /// <summary>Reads it; answers what is wrong, null = nothing.</summary>
    /// <param name="request">The request.</param>
    /// <param name="index">Which descriptor.</param>
    /// <param name="call">The question; null = it asks nothing of this service.</param>
    public static string? Read(RateLimitRequest request, int index, out GroupedCall? call)
    {
        call = null;
        var descriptor = request.Descriptors[index];
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        var others = new List<RateLimitDescriptor.Types.Entry>();
        foreach (var entry in descriptor.Entries)
        {
            if (entry.Key is not ("api_key" or "key_id" or "policy" or "api_id" or "api_version" or "host" or "method" or "path" or "client_ip"))
            {
                others.Add(entry);
            }
            else if (!known.TryAdd(entry.Key, entry.Value))
            {
                return $"descriptors[{index}] has {entry.Key} twice: send it once.";
            }
        }

        ulong hits = descriptor.HitsAddend ?? (request.HitsAddend == 0 ? 1u : request.HitsAddend);
        long cost = (long)Math.Min(hits, long.MaxValue);
        if (known.TryGetValue("policy", out string? policy))
        {
            return ReadPolicy(request.Domain, descriptor, index, policy, cost, out call);
        }

        if (!known.ContainsKey("api_key") && !known.ContainsKey("key_id"))
        {
            return null;
        }

        if (known.ContainsKey("api_key") && known.ContainsKey("key_id"))
        {
            return $"descriptors[{index}] has api_key and key_id: send one of them.";
        }

        return ReadKey(known, index, cost, out call);
    }

    // As a native call that says the same: what is malformed there is malformed here.
    private static string? ReadKey(Dictionary<string, string> known, int index, long cost, out GroupedCall? call)
    {
        call = null;
        string Text(string name) => known.GetValueOrDefault(name, "");
        var request = new AuthorizeRequest
        {
            ApiId = Text("api_id"),
            ApiVersion = Text("api_version"),
            Host = Text("host"),
            Method = Text("method"),
            Path = Text("path"),
            ClientIp = Text("client_ip"),
            Cost = Math.Max(1, cost),
        };
        if (RequestShape.Problem(request) is { } problem)
        {
            return $"descriptors[{index}].{problem}";
        }

        var asked = RequestMapping.ToCall(request).Request;
        call = known.TryGetValue("key_id", out string? id) ? GroupedCall.OfKeyId(id, asked, cost) : GroupedCall.OfKey(Text("api_key"), asked, cost);
        return null;
    }

    private static string? ReadPolicy(
        string domain, RateLimitDescriptor descriptor, int index, string policy, long cost, out GroupedCall? call)
    {
        call = null;
        if (policy.Length is 0 or > LongestId)
        {
            return $"descriptors[{index}] has a policy of {policy.Length} characters: send the id of a policy.";
        }

        RateSettings? overriding = null;
        if (descriptor.Limit is { } limit)
        {
            if (SecondsOf(limit.Unit) is not { } seconds || limit.RequestsPerUnit == 0)
            {
                return $"descriptors[{index}].limit has the unit {limit.Unit} and {limit.RequestsPerUnit} requests: send SECOND to YEAR, and 1 request or more.";
            }

            overriding = new RateSettings(limit.RequestsPerUnit, seconds, RateAlgorithm.SlidingLog);
        }

        // Lengths keep two entries from being read as two others. All but the policy belong to the subject, in their order.
        var subject = new StringBuilder(64);
        Append(subject, domain);
        foreach (var entry in descriptor.Entries.Where(entry => entry.Key != "policy"))
        {
            Append(subject, entry.Key);
            Append(subject, entry.Value);
        }

        call = GroupedCall.OfPolicy(policy, new Subject(SubjectKind.Descriptor, subject.ToString()), overriding, cost);
        return null;
    }

    private static void Append(StringBuilder subject, string text) => subject.Append(CultureInfo.InvariantCulture, $"{text.Length}:{text};");

    private static double? SecondsOf(RateLimitUnit unit) => unit switch
    {
        RateLimitUnit.Second => 1,
        RateLimitUnit.Minute => 60,
        RateLimitUnit.Hour => 3600,
        RateLimitUnit.Day => 86_400,
        RateLimitUnit.Week => 7 * 86_400,
        RateLimitUnit.Month => 30 * 86_400,
        RateLimitUnit.Year => 365 * 86_400,
        _ => null,
    };
}
