using System.Globalization;
using System.Text;
using Decision.Contracts.V1;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Engine.Settings;
using Decision.Runtime.Decisions.Groups;
using Decision.Server.Callers;
using Decision.Server.Grpc;
using Envoy.Extensions.Common.RateLimit.V3;
using Envoy.Service.RateLimit.V3;
using Envoy.Type.V3;

namespace Decision.Server.Proxies.Envoy;

/// <summary>
/// From a descriptor to the question that it asks: about a key (<c>api_key</c> or <c>key_id</c>, with <c>api_id</c> or <c>host</c>, <c>method</c>,
/// <c>path</c>), about a policy's limits (<c>policy</c>, the other entries being the subject), or none of ours.
/// </summary>
internal sealed class DescriptorReader(RateLimitRequest request, Caller caller, CallerAccess access)
{
    private const int LongestId = 128;

    /// <summary>Whether what is wrong is that the caller may not ask for it; false = it cannot be read.</summary>
    public bool IsForbidden { get; private set; }

    /// <summary>Reads it; answers what is wrong, null = nothing.</summary>
    /// <param name="index">Which descriptor.</param>
    /// <param name="call">The question; null = it asks nothing of this service.</param>
    public string? Read(int index, out GroupedCall? call)
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
            return ReadPolicy(descriptor, index, policy, known.GetValueOrDefault("api_id", ""), cost, out call);
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
    private string? ReadKey(Dictionary<string, string> known, int index, long cost, out GroupedCall? call)
    {
        call = null;
        string Text(string name) => known.GetValueOrDefault(name, "");
        var asked = new AuthorizeRequest
        {
            ApiId = Text("api_id"),
            ApiVersion = Text("api_version"),
            Host = Text("host"),
            Method = Text("method"),
            Path = Text("path"),
            ClientIp = Text("client_ip"),
            Cost = Math.Max(1, cost),
        };
        if (RequestShape.Problem(asked) is { } problem)
        {
            return $"descriptors[{index}].{problem}";
        }

        if (access.Problem(caller, asked) is { } forbidden)
        {
            return Forbidden(forbidden);
        }

        var read = RequestMapping.ToCall(asked, caller.Organizations).Request;
        call = known.TryGetValue("key_id", out string? id) ? GroupedCall.OfKeyId(id, read, cost) : GroupedCall.OfKey(Text("api_key"), read, cost);
        return null;
    }

    private string? ReadPolicy(RateLimitDescriptor descriptor, int index, string policy, string apiId, long cost, out GroupedCall? call)
    {
        call = null;
        if (caller.Apis is not null)
        {
            // A policy's limits are of no API: such a caller counts under one of its own.
            string? forbidden = apiId.Length > 0 ? access.Problem(caller, apiId)
                : $"The caller {caller.Name} may ask for some APIs only: name one of them as api_id beside the policy in descriptors[{index}].";
            if (forbidden is not null)
            {
                return Forbidden(forbidden);
            }
        }

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
        Append(subject, request.Domain);
        foreach (var entry in descriptor.Entries.Where(entry => entry.Key != "policy"))
        {
            Append(subject, entry.Key);
            Append(subject, entry.Value);
        }

        call = GroupedCall.OfPolicy(policy, new Subject(SubjectKind.Descriptor, subject.ToString()), overriding, cost, caller.Organizations);
        return null;
    }

    private string Forbidden(string problem)
    {
        IsForbidden = true;
        return problem;
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
