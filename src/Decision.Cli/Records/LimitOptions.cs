using System.CommandLine;
using Decision.Cli.Values;
using Google.Protobuf;

namespace Decision.Cli.Records;

/// <summary>The options that set a rate and a quota; keys, policies, organisations and, but for the quota, APIs have the same fields.</summary>
internal sealed class LimitOptions
{
    private readonly Option<string?> _rate = new("--rate") { Description = "Requests per time: 10/1s, 100/1m, unlimited, none.", HelpName = "N/TIME" };
    private readonly Option<string?> _quota = new("--quota") { Description = "Units per time or calendar period: 1000/30d, 1000/month, 1000/once, unlimited, none.", HelpName = "N/TIME" };
    private readonly Option<string?> _timeZone = new("--quota-time-zone") { Description = "The time zone of a calendar quota, as Europe/Berlin. Default: UTC.", HelpName = "ZONE" };

    private readonly Option<string?> _algorithm = new("--rate-algorithm")
    {
        Description = "How the rate is counted: sliding_log (default), token_bucket, fixed_window, sliding_window.",
        HelpName = "WORD",
    };

    private readonly Option<long?> _burst = new("--burst") { Description = "Units that may come at once, for token_bucket.", HelpName = "N" };
    private readonly bool _hasQuota;

    public LimitOptions(bool hasQuota = true)
    {
        _hasQuota = hasQuota;
        _algorithm.CompletionSources.Add("sliding_log", "token_bucket", "fixed_window", "sliding_window");
    }

    public IReadOnlyList<Symbol> Symbols => _hasQuota ? [_rate, _algorithm, _burst, _quota, _timeZone] : [_rate, _algorithm, _burst];

    public void Apply<T>(ParseResult parsed, RecordChange<T> change)
        where T : IMessage<T>
    {
        if (parsed.GetValue(_rate) is { } rateText)
        {
            var (rate, per) = LimitArgument.ReadRate(rateText, _rate.Name);
            change.Set("rate", rate);
            change.Set("per", per);
        }

        if (parsed.GetValue(_algorithm) is { } algorithm)
        {
            change.Set("rate_algorithm", algorithm);
        }

        if (parsed.GetValue(_burst) is { } burst)
        {
            change.Set("burst", burst);
        }

        if (_hasQuota)
        {
            ApplyQuota(parsed, change);
        }
    }

    private void ApplyQuota<T>(ParseResult parsed, RecordChange<T> change)
        where T : IMessage<T>
    {
        if (parsed.GetValue(_quota) is { } quotaText)
        {
            var (max, renewal, period) = LimitArgument.ReadQuota(quotaText, _quota.Name);
            change.Set("quota_max", max);
            change.Set("quota_renewal_rate", renewal);
            change.Set("quota_period", period);
        }

        if (parsed.GetValue(_timeZone) is { } zone)
        {
            change.Set("quota_time_zone", zone);
        }
    }
}
