using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Decision.Engine;
using Decision.Engine.Keys;
using Decision.Engine.Policies;
using Decision.Engine.Settings;
using Decision.Engine.Signatures;
using Decision.Runtime.Administration;
using Decision.Runtime.Decisions;

namespace Decision.Runtime.Tests.Support;

/// <summary>Policies, keys and calls in few words. Limits that are not named are unlimited.</summary>
internal static class Sample
{
    public const string Api = "orders";

    public static ImmutableSortedDictionary<string, AccessRight> On(params IEnumerable<string> apis) =>
        apis.ToImmutableSortedDictionary(api => api, api => new AccessRight { ApiId = api }, StringComparer.Ordinal);

    public static LimitSettings Limits(double rate = -1, double per = 60, long quota = -1, long renewal = 3600) => new()
    {
        Rate = new RateSettings(rate, per),
        Quota = new QuotaSettings(quota, renewal),
    };

    public static Policy Policy(string id, double rate = -1, double per = 60, long quota = -1, long renewal = 3600, string api = Api) => new()
    {
        Id = id,
        Limits = Limits(rate, per, quota, renewal),
        AccessRights = On(api),
    };

    public static Policy Trial(string id, long seconds) => Policy(id) with { KeyExpiresIn = seconds };

    public static Key Key(params string[] policies) => new() { ApplyPolicies = [.. policies] };

    public static Key OwnKey(double rate = -1, double per = 60, long quota = -1, long renewal = 3600) => new()
    {
        Limits = Limits(rate, per, quota, renewal),
        AccessRights = On(Api),
    };

    public static ImmutableSortedDictionary<string, JsonElement> Metadata(params (string Name, string Value)[] entries) =>
        entries.ToImmutableSortedDictionary(entry => entry.Name, entry => JsonSerializer.SerializeToElement(entry.Value));

    public static DecisionCall Call(string apiKey, string api = Api, string path = "/1", string method = "GET") => new()
    {
        Request = new AccessRequest(api, method, path),
        ApiKey = apiKey,
    };

    public static string Etag(CreatedKey key) => KeyEtag.Write(key.Record.Version);

    public static SignedHeader Date(DateTimeOffset at) => new("Date", at.ToString("r"));

    /// <summary>The Authorization text of a GET on <c>/1</c>, made with the platform's HMAC directly.</summary>
    public static string Signature(string keyId, string secret, DateTimeOffset at)
    {
        byte[] mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"(request-target): get /1\ndate: {at:r}"));
        return $"Signature keyId=\"{keyId}\",algorithm=\"hmac-sha256\",headers=\"(request-target) date\","
            + $"signature=\"{Uri.EscapeDataString(Convert.ToBase64String(mac))}\"";
    }
}
