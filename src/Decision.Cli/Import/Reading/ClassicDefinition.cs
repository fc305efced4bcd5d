using System.Text.Json;

namespace Decision.Cli.Import.Reading;

/// <summary>Reads Tyk's classic API definitions.</summary>
internal static class ClassicDefinition
{
    private static readonly (string Field, EffectKind Kind, string Text)[] Flags =
    [
        ("use_keyless", EffectKind.Narrows, "needs no key at Tyk (use_keyless); here its requests need one, or its paths a place in public."),
        ("use_basic_auth", EffectKind.Narrows, "takes user and password (use_basic_auth), which are not checked here."),
        ("enable_jwt", EffectKind.Narrows, "takes JWTs (enable_jwt), which are not checked here."),
        ("use_oauth2", EffectKind.Narrows, "issues OAuth tokens (use_oauth2), which is not done here."),
        ("use_openid", EffectKind.Narrows, "takes OpenID Connect (use_openid), which is not checked here."),
        ("use_mutual_tls_auth", EffectKind.WidensAccess, "demands a client certificate (use_mutual_tls_auth), which is not checked here."),
        ("auth_use_mutual_tls", EffectKind.WidensAccess, "demands a client certificate, which is not checked here."),
        ("enable_ip_whitelisting", EffectKind.WidensAccess, "allows some addresses only (allowed_ips); write them into policies or keys."),
        ("enable_ip_blacklisting", EffectKind.WidensAccess, "refuses some addresses (blacklisted_ips), which has no place here."),
        ("disable_rate_limit", EffectKind.Narrows, "has disable_rate_limit; here the rates of keys count on it."),
        ("disable_quota", EffectKind.Narrows, "has disable_quota; here the quotas of keys count on it."),
    ];

    /// <summary>Reads a definition.</summary>
    public static TykDefinition Read(JsonElement json)
    {
        bool isVersioned = !json.FlagAt("version_data", "not_versioned") && json.HasAt("version_data", "versions");
        string[] versions = isVersioned ? [.. json.At("version_data", "versions")!.Value.EnumerateObject().Select(static version => version.Name)] : [];
        string defaultVersion = json.TextAt("version_data", "default_version");
        var auth = json.At("auth_configs", "authToken") ?? json.At("auth") ?? json;
        string header = auth.TextAt("auth_header_name");
        header = auth.FlagAt("disable_header") ? "" : header.Length > 0 ? header : "Authorization";
        bool isLimited = !json.FlagAt("global_rate_limit", "disabled") && json.NumberAt("global_rate_limit", "rate") > 0;
        return new TykDefinition
        {
            ApiId = json.TextAt("api_id"),
            Name = json.TextAt("name"),
            OrganizationId = json.TextAt("org_id"),
            IsActive = json.At("active") is not { ValueKind: JsonValueKind.False },
            ListenPath = json.TextAt("proxy", "listen_path"),
            Hosts = json.TextAt("domain") is { Length: > 0 } domain && !json.FlagAt("domain_disabled") ? [domain] : [],
            Versions = versions,
            DefaultVersion = versions.Contains(defaultVersion) ? defaultVersion : versions is [var only] ? only : "",
            Header = header,
            QueryParameter = auth.FlagAt("use_param") ? auth.TextAt("param_name") is { Length: > 0 } parameter ? parameter : header : "",
            Cookie = auth.FlagAt("use_cookie") ? auth.TextAt("cookie_name") is { Length: > 0 } cookie ? cookie : header : "",
            Rate = isLimited ? json.NumberAt("global_rate_limit", "rate") : 0,
            Per = isLimited ? json.NumberAt("global_rate_limit", "per") : 0,
            NotCarried = [.. Flagged(json), .. Paths(json), .. Others(json)],
        };
    }

    private static IEnumerable<NotCarried> Flagged(JsonElement json) =>
        Flags.Where(flag => json.FlagAt(flag.Field)).Select(static flag => new NotCarried(flag.Kind, flag.Text));

    private static IEnumerable<NotCarried> Paths(JsonElement json)
    {
        var versions = json.At("version_data", "versions") is { ValueKind: JsonValueKind.Object } map ? map.EnumerateObject().ToList() : [];
        foreach (var (list, kind, text) in new[]
            {
                ("black_list", EffectKind.WidensAccess, "refuses paths for everybody (black_list), which has no place here: refuse them in the proxy."),
                ("white_list", EffectKind.WidensAccess, "allows some paths only for everybody (white_list): write them into policies as allowed_urls."),
                ("ignored", EffectKind.Narrows, "lets some paths through without a key (ignored): write them into public of its record."),
            })
        {
            if (versions.Exists(version => version.Value.HasAt("extended_paths", list) || version.Value.HasAt("paths", list)))
            {
                yield return new NotCarried(kind, text);
            }
        }
    }

    private static IEnumerable<NotCarried> Others(JsonElement json)
    {
        if (json.NumberAt("session_lifetime") > 0)
        {
            yield return new NotCarried(
                EffectKind.WidensAccess, $"has session_lifetime {json.NumberAt("session_lifetime"):0}, after which Tyk forgets its keys; here they stay until expires.");
        }

        if (json.TextAt("proxy", "listen_path") is { Length: > 0 } path && path.AsSpan().IndexOfAny("{}*") >= 0)
        {
            yield return new NotCarried(EffectKind.Narrows, $"has a pattern for its listen path ({path}), and paths are matched as they are written here.");
        }
    }
}
