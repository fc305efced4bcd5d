using System.Collections.Immutable;
using System.Text.Json;
using Decision.Contracts.V1;
using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Grants;
using Decision.Engine.Keys;
using Decision.Engine.Limits;
using Decision.Engine.Policies;
using Decision.Engine.Settings;
using Decision.Server.Configuration;
using Decision.Server.Grpc;
using Decision.Server.Grpc.Wire;
using Google.Protobuf;
using Reason = Decision.Engine.Reason;

namespace Decision.Server.Tests.Grpc;

/// <summary>Answers are written without the library: the bytes must be those that the library would have written.</summary>
public class VerdictWriterTests
{
    private const int Rounds = 3000;

    private static readonly Reason[] Refusals = [Reason.OrganizationRateLimited, Reason.ApiRateLimited, Reason.RateLimited, Reason.QuotaExceeded];
    private static readonly QuotaPeriod[] Periods = [QuotaPeriod.Hour, QuotaPeriod.Week];
    private static readonly string[] Texts = ["", "a", "gold", "policy:gold", "é😀", new string('x', 127), new string('y', 300)];
    private static readonly long[] Numbers = [-1, 0, 1, 127, 128, 999_999, 1_000_000, 1_500_001, 60_000_000, long.MaxValue];

    private readonly ServerSettings _settings = new() { DataPath = "", StoragePath = "", Engine = EngineOptions.Default, Listen = null! };
    private readonly Random _random = new(20261125);

    [Fact]
    public void Every_answer_is_what_the_library_would_have_written()
    {
        VerdictMapping mapping = new(_settings, TimeProvider.System);
        VerdictWriter writer = new(_settings, TimeProvider.System);
        Grant[] grants = [.. Enumerable.Range(0, 40).Select(_ => RandomGrant())];
        for (int round = 0; round < Rounds; round++)
        {
            var verdict = RandomVerdict(grants[_random.Next(grants.Length)]);
            var expected = mapping.ToResponse(in verdict);

            byte[] written = writer.Write(in verdict);
            byte[] streamed = writer.WriteForStream(in verdict, Pick(Texts));

            var read = AuthorizeResponse.Parser.ParseFrom(written);
            Assert.Equal(26, read.DecisionId.Length);
            Assert.NotEqual(expected.DecisionId, read.DecisionId);
            expected.DecisionId = read.DecisionId;
            Assert.Equal(expected, read);
            Assert.Equal(expected.ToByteArray(), written);
            var inStream = AuthorizeStreamResponse.Parser.ParseFrom(streamed);
            Assert.Equal(inStream.ToByteArray(), streamed);
            expected.DecisionId = inStream.Response.DecisionId;
            Assert.Equal(expected, inStream.Response);
        }
    }

    [Fact]
    public void An_answer_allocates_its_bytes_and_nothing_else()
    {
        VerdictWriter writer = new(_settings, TimeProvider.System);
        var verdict = RandomVerdict(RandomGrant());
        int length = writer.Write(in verdict).Length;

        long allocated = Allocations.BytesOf(() => writer.Write(in verdict));

        // An array has a header, and its length is rounded up.
        Assert.InRange(allocated, length, length + 32);
    }

    private Verdict RandomVerdict(Grant grant)
    {
        ChargeList charges = default;
        ChargeOutcomes outcomes = default;
        for (int i = _random.Next(0, 5); i > 0; i--)
        {
            outcomes[charges.Count] = new LimitTest(_random.Next(3) == 0, Pick(Numbers), Pick(Numbers), Pick(Numbers), Pick(Numbers));
            charges.Add(RandomCharge());
        }

        var reasons = Enum.GetValues<Reason>();
        return new Verdict
        {
            IsAllowed = _random.Next(2) == 0,
            Reason = Pick(reasons),
            Origin = _random.Next(3) == 0 ? null! : Pick(Texts),
            Grant = _random.Next(4) == 0 ? null : grant,
            ApiGrant = _random.Next(3) == 0 ? null : grant.Find("orders"),
            Charges = charges,
            Outcomes = outcomes,
            RetryAfterUs = Pick(Numbers),
            ShadowedReason = Pick(reasons),
            IsDegraded = _random.Next(4) == 0,
        };
    }

    private Charge RandomCharge()
    {
        CounterKey counter = new(new Subject(SubjectKind.Key, "k"), "c");
        Reason refusal = Pick(Refusals);
        Origin origin = _random.Next(2) == 0 ? Origin.OfKey("rate") : Origin.OfPolicy(Pick(Texts), "rate");
        bool isShadow = _random.Next(4) == 0;
        return refusal == Reason.QuotaExceeded
            ? new Charge(counter, _random.Next(2) == 0 ? new QuotaLimit(Numbers[^2], _random.Next(2) * 3_600_000_000) : new QuotaLimit(5, 0, Pick(Periods)), refusal, Pick(Texts), origin) { IsShadow = isShadow }
            : new Charge(counter, new RateLimit(RateAlgorithm.SlidingLog, _random.Next(1, 1_000_000), _random.Next(1, int.MaxValue), 0), refusal, Pick(Texts), origin) { IsShadow = isShadow };
    }

    private Grant RandomGrant()
    {
        Policy policy = new()
        {
            Id = "gold",
            OrganizationId = "",
            Limits = new LimitSettings
            {
                Rate = _random.Next(2) == 0 ? new RateSettings(-1, 0) : new RateSettings(10, 60),
                Quota = _random.Next(2) == 0 ? new QuotaSettings(-1, 0) : new QuotaSettings(10, 60),
                MaxQueryDepth = _random.Next(-1, 3),
            },
            AccessRights = ImmutableSortedDictionary<string, AccessRight>.Empty.Add("orders", new AccessRight { ApiId = "orders", ApiName = "Orders", Versions = ["Default"] }),
        };
        using var json = JsonDocument.Parse("""{"a":[1,null,{"b":"c"}],"plan":"gold"}""");
        Key key = new()
        {
            Id = Pick(Texts),
            Alias = Pick(Texts),
            ApplyPolicies = _random.Next(3) == 0 ? ["gold", "lost", "gone"] : ["gold"],
            Tags = _random.Next(2) == 0 ? [] : [Pick(Texts), "b"],
            Metadata = _random.Next(2) == 0
                ? ImmutableSortedDictionary<string, JsonElement>.Empty
                : json.RootElement.EnumerateObject().ToImmutableSortedDictionary(member => member.Name, member => member.Value.Clone()),
        };
        return GrantCompiler.Compile(key, new PolicySet([new PolicyEntry(policy, Pick(Numbers), "store")]), new GrantOptions());
    }

    private T Pick<T>(T[] values) => values[_random.Next(values.Length)];
}
