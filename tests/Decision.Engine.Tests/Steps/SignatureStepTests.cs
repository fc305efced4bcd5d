using System.Collections.Immutable;
using Decision.Engine.Apis;
using Decision.Engine.Grants;
using Decision.Engine.Keys;
using Decision.Engine.Organizations;
using Decision.Engine.Policies;
using Decision.Engine.Signatures;
using Decision.Engine.Tests.Signatures;

namespace Decision.Engine.Tests.Steps;

public sealed class SignatureStepTests
{
    private static readonly SignedRequest Signed = new();

    [Theory]
    [InlineData(KeyPresence.Found)]
    [InlineData(KeyPresence.FoundById)]
    public void Admit_valid_signature_is_allowed(KeyPresence presence) =>
        Assert.Equal(Reason.Allowed, Admit(presence: presence));

    [Fact]
    public void Admit_policy_demands_it_and_the_key_has_the_secret_is_allowed() =>
        Assert.Equal(Reason.Allowed, Admit(isDemandedByPolicy: true));

    [Fact]
    public void Admit_another_method_is_refused() => Assert.Equal(Reason.SignatureInvalid, Admit(method: "POST"));

    [Fact]
    public void Admit_another_path_is_refused() => Assert.Equal(Reason.SignatureInvalid, Admit(path: "/orders/2?full=true"));

    [Fact]
    public void Admit_another_secret_is_refused() => Assert.Equal(Reason.SignatureInvalid, Admit(secret: "another"));

    [Fact]
    public void Admit_no_secret_is_refused() => Assert.Equal(Reason.SignatureInvalid, Admit(secret: ""));

    [Fact]
    public void Admit_date_at_the_allowed_skew_is_allowed() =>
        Assert.Equal(Reason.Allowed, Admit(lateUs: HttpSignature.DefaultClockSkewUs));

    [Fact]
    public void Admit_date_beyond_the_allowed_skew_is_refused() =>
        Assert.Equal(Reason.SignatureInvalid, Admit(lateUs: HttpSignature.DefaultClockSkewUs + 1));

    [Fact]
    public void Admit_date_beyond_the_default_skew_is_allowed_where_any_is() =>
        Assert.Equal(Reason.Allowed, Admit(lateUs: 10 * HttpSignature.DefaultClockSkewUs, skewUs: 0));

    private static Reason Admit(
        KeyPresence presence = KeyPresence.Found,
        bool isDemandedByPolicy = false,
        string method = "GET",
        string path = "/orders/1?full=true",
        string secret = "the-shared-secret",
        long lateUs = 0,
        long skewUs = HttpSignature.DefaultClockSkewUs)
    {
        var policy = new Policy
        {
            Id = "p",
            HmacEnabled = isDemandedByPolicy,
            AccessRights = ImmutableSortedDictionary<string, AccessRight>.Empty.Add("a", new AccessRight()),
        };
        var key = new Key { Id = "k", ApplyPolicies = ["p"], HmacEnabled = !isDemandedByPolicy, HmacString = secret };
        var rules = new RuleSet(
            new PolicySet([new PolicyEntry(policy, 1, "store")]),
            ApiRegistry.Empty,
            OrganizationSet.Empty,
            EngineOptions.Default with { SignatureClockSkewUs = skewUs });
        var grant = GrantCompiler.Compile(key, rules.Policies, rules.Options.Grants);
        var request = new AccessRequest("a", method, path) { Headers = [.. Signed.Headers, new SignedHeader("authorization", Signed.Authorization())] };
        return DecisionEngine.Admit(in request, rules, presence, grant, SignedRequest.DateUs + lateUs).Verdict.Reason;
    }
}
