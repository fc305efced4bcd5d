using System.Text.Json;
using Decision.Engine.Charges;
using Decision.Engine.Limits;

namespace Decision.Storage.Redis.Counters;

/// <summary>
/// The charges of a spending that has an idempotency key, kept with its answer: the first verdict is told again with the limits that were in
/// force then, also by another replica and after a policy has changed.
/// </summary>
internal static class ChargeDescriptions
{
    public static byte[] Write(in ChargeList charges)
    {
        var described = new ChargeDescription[charges.Count];
        for (int i = 0; i < described.Length; i++)
        {
            Charge charge = charges[i];
            described[i] = new ChargeDescription(
                charge.Counter.Subject.Kind,
                charge.Counter.Subject.Id,
                charge.Counter.Name,
                charge.Rate?.Algorithm,
                charge.Max,
                charge.Rate?.PeriodUs ?? charge.Quota!.RenewalUs,
                charge.Rate?.Burst ?? 0,
                charge.Quota?.Period ?? QuotaPeriod.Rolling,
                charge.Quota?.TimeZone.Id ?? "",
                charge.Refusal,
                charge.Scope,
                charge.Origin.Kind,
                charge.Origin.PolicyId,
                charge.Origin.Field,
                charge.IsShadow);
        }

        return JsonSerializer.SerializeToUtf8Bytes(described, ChargeDescriptionJson.Default.ChargeDescriptionArray);
    }

    public static ChargeList Read(ReadOnlySpan<byte> bytes)
    {
        ChargeList charges = default;
        foreach (ChargeDescription described in JsonSerializer.Deserialize(bytes, ChargeDescriptionJson.Default.ChargeDescriptionArray)!)
        {
            CounterKey counter = new(new Subject(described.SubjectKind, described.SubjectId), described.Name);
            Origin origin = new(described.OriginKind, described.OriginPolicyId, described.OriginField);
            charges.Add(described.Algorithm is { } algorithm
                ? new Charge(
                    counter, new RateLimit(algorithm, described.Max, described.PeriodUs, described.Burst), described.Refusal, described.Scope, origin)
                {
                    IsShadow = described.IsShadow,
                }
                : new Charge(
                    counter,
                    new QuotaLimit(described.Max, described.PeriodUs, described.Period, TimeZoneInfo.FindSystemTimeZoneById(described.TimeZone)),
                    described.Refusal,
                    described.Scope,
                    origin)
                {
                    IsShadow = described.IsShadow,
                });
        }

        return charges;
    }
}
