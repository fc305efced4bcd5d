using Decision.Engine.Apis;
using Decision.Engine.Grants;
using Decision.Engine.Organizations;
using Decision.Engine.Paths;

namespace Decision.Engine.Steps;

/// <summary>What the steps of one decision look at and leave for the next ones.</summary>
internal ref struct DecisionContext
{
    private string? _path;
    private bool _isPathRead;

    public DecisionContext(in AccessRequest request, RuleSet rules, KeyPresence presence, Grant? grant, long nowUs)
    {
        Request = ref request;
        Rules = rules;
        Presence = presence;
        Grant = grant is not null && request.MayAskFor(grant.OrganizationId) ? grant : null;
        NowUs = nowUs;
        ApiId = request.ApiId ?? "";
        Origin = "";
        Sentence = "";
    }

    public readonly ref readonly AccessRequest Request;
    public readonly RuleSet Rules;
    public readonly KeyPresence Presence;

    /// <summary>The key's grant; null = there is none, or none that the caller may know of.</summary>
    public readonly Grant? Grant;

    public readonly long NowUs;

    /// <summary>The API asked for: as stated, or as the registry found it.</summary>
    public string ApiId;

    /// <summary>The registered API; null = not registered.</summary>
    public ApiEntry? Api;

    /// <summary>The key's right on the API, from the step on that looks for it.</summary>
    public ApiGrant? ApiGrant;

    /// <summary>The key's organisation; null = it has no record.</summary>
    public OrganizationEntry? Organization;

    /// <summary>What decided a denial.</summary>
    public string Origin;

    /// <summary>A public path: nothing else is asked.</summary>
    public bool IsPublic;

    /// <summary>Explain wants sentences; a decision does not pay for them.</summary>
    public bool IsExplained;

    /// <summary>What the step found.</summary>
    public string Sentence;

    /// <summary>Why the path is refused; null = it is not.</summary>
    public string? PathProblem;

    /// <summary>The canonical path, read once and only where a path decides; false = it can be read in more than one way.</summary>
    public bool TryReadPath(out MatchPath path)
    {
        if (!_isPathRead)
        {
            _isPathRead = true;
            string raw = string.IsNullOrEmpty(Request.Path) ? "/" : Request.Path;
            _path = RequestPath.TryNormalize(raw, Rules.Options.PathNormalization, out string canonical, out PathProblem) ? canonical : null;
        }

        path = _path is null ? default : new MatchPath(_path, Api?.ListenPathIn(_path) ?? 0);
        return _path is not null;
    }

    /// <summary>The denial of a step, with what decided it.</summary>
    public Reason Deny(Reason reason, string origin)
    {
        Origin = origin;
        return reason;
    }
}
