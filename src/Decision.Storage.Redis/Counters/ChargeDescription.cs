using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Limits;

namespace Decision.Storage.Redis.Counters;

/// <summary>One charge, with what a verdict tells of it.</summary>
internal sealed record ChargeDescription(
    SubjectKind SubjectKind,
    string SubjectId,
    string Name,
    RateAlgorithm? Algorithm,
    long Max,
    long PeriodUs,
    long Burst,
    QuotaPeriod Period,
    string TimeZone,
    Reason Refusal,
    string Scope,
    OriginKind OriginKind,
    string OriginPolicyId,
    string OriginField,
    bool IsShadow);
