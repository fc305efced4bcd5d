using Decision.Cli.Sources;
using Decision.Engine;

namespace Decision.Cli.PolicyTests;

/// <summary>Reads what is expected of a verdict: a word (<c>allowed</c>, or a reason), or a map of what is compared.</summary>
internal sealed class ExpectationReader(SourceProblems problems)
{
    private const string None = "none";

    private static readonly string[] Fields =
    [
        "allowed", "reason", "status", "message", "origin", "api", "retry_after", "degraded", "shadowed_reason", "policies", "missing_policies",
        "tags", "metadata", "remaining", "limits",
    ];

    private static readonly string[] LimitFields = ["name", "scope", "origin", "limit", "used", "remaining", "reset_after", "denied"];

    private static readonly string[] Reasons =
    [
        .. Enum.GetValues<Reason>().Where(static reason => reason is not (Reason.Unspecified or Reason.StoreUnavailable)).Select(static reason => reason.ToName()),
    ];

    public ExpectedVerdict Read(SourceNode node, string path)
    {
        if (node.Kind == SourceKind.Text)
        {
            return new ExpectedVerdict { Reason = ReasonOf(node, path, node.Text) };
        }

        if (NodeReader.Open(node, path, problems, Fields) is not { } fields)
        {
            return new ExpectedVerdict();
        }

        if (node.Entries.Count == 0)
        {
            problems.Add(node, path, "is empty: say what the verdict must be, such as allowed: true.");
        }

        var remaining = fields.Find("remaining") is { } left ? NodeReader.Open(left, fields.PathOf("remaining"), problems, "rate", "quota") : null;
        return new ExpectedVerdict
        {
            Allowed = fields.Flag("allowed"),
            Reason = fields.Text("reason") is { } reason ? ReasonOf(fields.Find("reason")!, fields.PathOf("reason"), reason) : null,
            Status = fields.Whole("status", 100, 599),
            Message = fields.Text("message"),
            Origin = fields.Text("origin"),
            Api = fields.Text("api"),
            RetryAfter = Duration(fields, "retry_after", None),
            Degraded = fields.Flag("degraded"),
            ShadowedReason = fields.Text("shadowed_reason") is { } shadowed
                ? shadowed == None ? None : ReasonOf(fields.Find("shadowed_reason")!, fields.PathOf("shadowed_reason"), shadowed)
                : null,
            Policies = fields.Texts("policies"),
            MissingPolicies = fields.Texts("missing_policies"),
            Tags = fields.Texts("tags"),
            Metadata = fields.Find("metadata"),
            RemainingRate = Remaining(remaining, "rate"),
            RemainingQuota = Remaining(remaining, "quota"),
            Limits = Limits(fields),
        };
    }

    private List<ExpectedLimit> Limits(NodeReader fields)
    {
        var limits = new List<ExpectedLimit>();
        int index = 0;
        foreach (var item in fields.List("limits") ?? [])
        {
            if (NodeReader.Open(item, $"{fields.PathOf("limits")}[{index++}]", problems, LimitFields) is not { } limit)
            {
                continue;
            }

            if (limit.Word("name", "rate", "quota") is not { } name)
            {
                if (limit.Find("name") is null)
                {
                    problems.Add(item, limit.PathOf("name"), "is missing: write rate or quota.");
                }

                continue;
            }

            limits.Add(new ExpectedLimit
            {
                Name = name,
                Scope = limit.Text("scope"),
                Origin = limit.Text("origin"),
                Limit = limit.Whole("limit", 0),
                Used = limit.Whole("used", 0),
                Remaining = limit.Whole("remaining", 0),
                ResetAfter = Duration(limit, "reset_after", "never"),
                Denied = limit.Flag("denied"),
            });
        }

        return limits;
    }

    // The word unlimited says that there is no such limit.
    private static string? Remaining(NodeReader? fields, string name) =>
        fields?.Find(name) is { Kind: SourceKind.Text, Text: "unlimited" } ? "unlimited" : fields?.Whole(name, 0)?.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private string? Duration(NodeReader fields, string name, string word)
    {
        if (fields.Text(name) is not { } text || text == word)
        {
            return fields.Text(name);
        }

        if (Moments.TryDuration(text, out long us))
        {
            return Moments.Format(us);
        }

        problems.Add(fields.Find(name)!, fields.PathOf(name), $"is \"{text}\": write {Moments.DurationHint}, or {word}.");
        return null;
    }

    private string? ReasonOf(SourceNode node, string path, string text)
    {
        string name = text.ToUpperInvariant();
        name = name.StartsWith("REASON_", StringComparison.Ordinal) ? name["REASON_".Length..] : name;
        if (Reasons.Contains(name))
        {
            return name;
        }

        problems.Add(node, path, $"\"{text}\" is no reason: write one of {string.Join(", ", Reasons)}.");
        return null;
    }
}
