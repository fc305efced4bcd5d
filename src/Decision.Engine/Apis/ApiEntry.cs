using Decision.Engine.Charges;
using Decision.Engine.Grants;
using Decision.Engine.Paths;
using Decision.Engine.Settings;

namespace Decision.Engine.Apis;

/// <summary>An API of the registry, compiled.</summary>
public sealed class ApiEntry
{
    /// <summary>Compiles an API.</summary>
    public ApiEntry(Api api, long revision, string source, GrantOptions options)
    {
        ArgumentNullException.ThrowIfNull(api);
        ArgumentNullException.ThrowIfNull(options);
        Api = api;
        Revision = revision;
        Source = source;
        Public = UrlRules.Compile([.. api.Public.Select(url => new UrlEntry(url.Url, url.Methods))], UrlMatching.Segments, out _);
        ListenPathLength = ListenPathLengthOf(api.ListenPath);
        if (LimitCompiler.Rate(api.Rate) is { } limit)
        {
            Rate = new Charge(
                new CounterKey(new Subject(SubjectKind.Api, api.Id), "rate"),
                limit,
                Reason.ApiRateLimited,
                "api_wide:" + api.Id,
                new Origin(OriginKind.Api, "", "rate"))
            {
                OnStoreFailure = options.OnStoreFailureRate,
                Mode = options.Mode,
                IsShadow = options.Enforcement == Enforcement.Shadow,
            };
        }
    }

    /// <summary>The API as written.</summary>
    public Api Api { get; }

    /// <summary>Counts its changes in the store; 0 for one of a file.</summary>
    public long Revision { get; }

    /// <summary>Where it comes from: <c>store</c>, or the file's name.</summary>
    public string Source { get; }

    /// <summary>The API-wide limit; null = none.</summary>
    public Charge? Rate { get; }

    internal UrlRules Public { get; }

    /// <summary>Characters of the canonical listen path without its last slash; 0 = none, or the root.</summary>
    internal int ListenPathLength { get; }

    /// <summary>How much of a path is the listen path: all of it or nothing.</summary>
    internal int ListenPathIn(ReadOnlySpan<char> path) =>
        ListenPathLength > 0 && path.Length >= ListenPathLength
        && path[..ListenPathLength].SequenceEqual(_listenPath)
        && (path.Length == ListenPathLength || path[ListenPathLength] == '/') ? ListenPathLength : 0;

    private string _listenPath = "";

    private int ListenPathLengthOf(string written)
    {
        if (written.Length > 0 && RequestPath.TryNormalize(written, PathNormalization.Refuse, out string path, out _))
        {
            _listenPath = path.TrimEnd('/');
        }

        return _listenPath.Length;
    }
}
