using System.Text.Json;

namespace Decision.Cli.Import.Reading;

/// <summary>What a JSON text of Tyk's holds.</summary>
internal enum TykKind : byte
{
    /// <summary>Nothing that is known here.</summary>
    Unknown,

    /// <summary>One policy, an object id -> policy, or an array of policies.</summary>
    Policies,

    /// <summary>One API definition, or an array of them.</summary>
    Apis,

    /// <summary>An object key text -> session.</summary>
    Keys,
}

/// <summary>Tells by its fields what a JSON text holds.</summary>
internal static class TykKinds
{
    private static readonly string[] SessionFields =
    [
        "apply_policies", "apply_policy_id", "allowance", "last_check", "quota_renews", "quota_remaining", "expires", "date_created", "basic_auth_data",
        "jwt_data", "oauth_client_id", "data_expires", "alias", "session_lifetime", "certificate", "hmac_string", "monitor",
    ];

    private static readonly string[] PolicyFields =
    [
        "rate", "per", "quota_max", "quota_renewal_rate", "access_rights", "partitions", "active", "key_expires_in", "is_inactive", "org_id",
        "max_query_depth", "throttle_interval", "throttle_retry_limit",
    ];

    /// <summary>What it holds.</summary>
    public static TykKind Of(JsonElement root) => root.ValueKind switch
    {
        JsonValueKind.Array => OfArray(root),
        JsonValueKind.Object when IsApi(root) => TykKind.Apis,
        JsonValueKind.Object when HasAny(root, SessionFields) && !HasAny(root, ["key_expires_in", "partitions", "id", "_id"]) => TykKind.Unknown,
        JsonValueKind.Object when HasPolicyField(root) => TykKind.Policies,
        JsonValueKind.Object => OfMap(root),
        _ => TykKind.Unknown,
    };

    private static TykKind OfArray(JsonElement root)
    {
        var items = root.EnumerateArray().ToList();
        return items.Count == 0 ? TykKind.Policies
            : items.TrueForAll(IsApi) ? TykKind.Apis
            : items.TrueForAll(static item => item.ValueKind == JsonValueKind.Object && HasAny(item, [.. PolicyFields, "id", "_id"])) ? TykKind.Policies
            : TykKind.Unknown;
    }

    // Both are objects of objects with the same limits; what only sessions have decides.
    private static TykKind OfMap(JsonElement root)
    {
        var values = root.EnumerateObject().Select(static property => property.Value).ToList();
        return values.Count == 0 ? TykKind.Policies
            : values.Any(static value => value.ValueKind != JsonValueKind.Object) ? TykKind.Unknown
            : values.Exists(static value => HasAny(value, SessionFields)) ? TykKind.Keys
            : values.Exists(static value => HasAny(value, PolicyFields)) ? TykKind.Policies
            : TykKind.Unknown;
    }

    private static bool IsApi(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
        && (value.TryGetProperty(TykOas.Extension, out _) || (HasAny(value, ["api_id"]) && HasAny(value, ["proxy", "version_data", "auth", "use_keyless"])));

    // With such a field it is one policy; without, its names are ids.
    private static bool HasPolicyField(JsonElement root) => root.EnumerateObject().Any(static property =>
        property.Value.ValueKind is not JsonValueKind.Object && PolicyFields.Contains(property.Name, StringComparer.Ordinal));

    private static bool HasAny(JsonElement value, ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (value.TryGetProperty(name, out _))
            {
                return true;
            }
        }

        return false;
    }
}
