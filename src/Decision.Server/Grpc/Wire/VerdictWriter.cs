using Decision.Contracts.V1;
using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Decisions;
using Decision.Server.Configuration;
using Decision.Server.Wire;
using Reason = Decision.Engine.Reason;

namespace Decision.Server.Grpc.Wire;

/// <summary>
/// A verdict as the bytes of its answer: the same that <see cref="VerdictMapping"/> and the library come to, which a test holds together. What is the
/// same for every request of a key is written once for its grant.
/// </summary>
internal sealed class VerdictWriter(ServerSettings settings, TimeProvider time)
{
    [ThreadStatic]
    private static ProtoWriter? _writer;

    /// <summary>The bytes of an <see cref="AuthorizeResponse"/>.</summary>
    public byte[] Write(in Verdict verdict)
    {
        var writer = _writer ??= new ProtoWriter();
        writer.Clear();
        Write(writer, in verdict);
        return writer.ToArray();
    }

    /// <summary>The bytes of an <see cref="AuthorizeStreamResponse"/>.</summary>
    public byte[] WriteForStream(in Verdict verdict, string requestId)
    {
        var writer = _writer ??= new ProtoWriter();
        writer.Clear();
        int response = writer.Begin(AuthorizeStreamResponse.ResponseFieldNumber);
        Write(writer, in verdict);
        writer.End(response);
        Text(writer, AuthorizeStreamResponse.RequestIdFieldNumber, requestId);
        return writer.ToArray();
    }

    // By the numbers of the fields, as the library writes them; what is empty is left out.
    private void Write(ProtoWriter writer, in Verdict verdict)
    {
        Flag(writer, AuthorizeResponse.AllowedFieldNumber, verdict.IsAllowed);
        Number(writer, AuthorizeResponse.ReasonFieldNumber, (int)VerdictMapping.ToWire(verdict.Reason));
        Number(writer, AuthorizeResponse.HttpStatusFieldNumber, ReasonTable.HttpStatus(verdict.Reason, settings.QuotaExceededStatus));
        Text(writer, AuthorizeResponse.MessageFieldNumber, ReasonTable.Message(verdict.Reason));
        Text(writer, AuthorizeResponse.OriginFieldNumber, verdict.Origin ?? "");

        // Who only names a key, without proving to have it, hears nothing about it but its id.
        var grant = verdict.Grant is { } known ? GrantMessage.Of(known) : null;
        bool isTold = grant is not null && verdict.Reason != Reason.SignatureInvalid;
        Text(writer, AuthorizeResponse.KeyIdFieldNumber, verdict.Grant?.KeyId ?? "");
        writer.Raw(isTold ? grant!.Identity : default);
        WriteLimits(writer, in verdict);
        Duration(writer, AuthorizeResponse.RetryAfterFieldNumber, verdict.RetryAfterUs);
        writer.Raw(isTold ? grant!.WrittenMetadata : default);
        WriteId(writer, verdict.Number);
        Number(writer, AuthorizeResponse.MaxQueryDepthFieldNumber, isTold ? verdict.ApiGrant?.MaxQueryDepth ?? 0 : 0);
        Flag(writer, AuthorizeResponse.DegradedFieldNumber, verdict.IsDegraded);
        writer.Raw(isTold ? grant!.WrittenMissingPolicies : default);
        Number(writer, AuthorizeResponse.ShadowedReasonFieldNumber, (int)VerdictMapping.ToWire(verdict.ShadowedReason));
    }

    private static void WriteId(ProtoWriter writer, long number)
    {
        Span<byte> text = stackalloc byte[DecisionId.Length];
        DecisionId.Write(number, text);
        writer.Bytes(AuthorizeResponse.DecisionIdFieldNumber, text);
    }

    private void WriteLimits(ProtoWriter writer, in Verdict verdict)
    {
        foreach (var place in LimitMapping.PlacesOf(in verdict))
        {
            if (place.Unlimited is { } unlimited)
            {
                writer.Message(AuthorizeResponse.LimitsFieldNumber, unlimited);
            }
            else
            {
                WriteLimit(writer, verdict.Charges[place.Charge], verdict.Outcomes[place.Charge]);
            }
        }
    }

    private void WriteLimit(ProtoWriter writer, Charge charge, in LimitTest outcome)
    {
        int limit = writer.Begin(AuthorizeResponse.LimitsFieldNumber);
        Text(writer, LimitStatus.NameFieldNumber, charge.Name);
        Text(writer, LimitStatus.ScopeFieldNumber, charge.Scope);
        Number(writer, LimitStatus.LimitFieldNumber, charge.Max);
        Number(writer, LimitStatus.RemainingFieldNumber, outcome.Remaining);
        Duration(writer, LimitStatus.PeriodFieldNumber, LimitMapping.PeriodUs(charge, time));
        Duration(writer, LimitStatus.ResetAfterFieldNumber, outcome.ResetUs);
        Flag(writer, LimitStatus.DeniedFieldNumber, outcome.Refused && !charge.IsShadow);
        Text(writer, LimitStatus.OriginFieldNumber, charge.Origin.Name);
        Text(writer, LimitStatus.QuotaPeriodFieldNumber, LimitMapping.QuotaPeriodOf(charge));
        writer.End(limit);
    }

    private static void Text(ProtoWriter writer, int field, string value)
    {
        if (value.Length > 0)
        {
            writer.Text(field, value);
        }
    }

    private static void Number(ProtoWriter writer, int field, long value)
    {
        if (value != 0)
        {
            writer.Number(field, value);
        }
    }

    private static void Flag(ProtoWriter writer, int field, bool value)
    {
        if (value)
        {
            writer.Flag(field, value);
        }
    }

    private static void Duration(ProtoWriter writer, int field, long microseconds)
    {
        if (WireDuration.Parts(microseconds) is var (seconds, nanos))
        {
            int duration = writer.Begin(field);
            Number(writer, Google.Protobuf.WellKnownTypes.Duration.SecondsFieldNumber, seconds);
            Number(writer, Google.Protobuf.WellKnownTypes.Duration.NanosFieldNumber, nanos);
            writer.End(duration);
        }
    }
}
