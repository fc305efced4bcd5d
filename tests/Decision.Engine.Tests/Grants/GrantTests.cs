using System.Collections.Immutable;
using Decision.Engine.Grants;
using Decision.Engine.Keys;
using Decision.Engine.Policies;
using Decision.Engine.Settings;

namespace Decision.Engine.Tests.Grants;

public sealed class GrantTests
{
    private static readonly PolicyEntry Gold = Entry("gold", 1);
    private static readonly PolicyEntry Other = Entry("other", 1);
    private static readonly PolicyEntry Off = new(Entry("off", 1).Policy with { Active = false }, 1, "store");

    [Fact]
    public void IsCurrent_same_policies_in_another_set_is_true()
    {
        var grant = Compile(new PolicySet([Gold, Other, Off]), "gold", "off", "gone");

        Assert.True(grant.IsCurrent(new PolicySet([Gold, Other, Off])));
    }

    [Fact]
    public void IsCurrent_another_policy_edited_or_removed_or_added_is_true()
    {
        var grant = Compile(new PolicySet([Gold, Other, Off]), "gold", "off", "gone");

        Assert.True(grant.IsCurrent(new PolicySet([Gold, Entry("other", 2), Off])));
        Assert.True(grant.IsCurrent(new PolicySet([Gold, Off])));
        Assert.True(grant.IsCurrent(new PolicySet([Gold, Other, Off, Entry("new", 1)])));
    }

    [Fact]
    public void IsCurrent_used_policy_edited_is_false()
    {
        var grant = Compile(new PolicySet([Gold, Other]), "gold", "other");

        Assert.False(grant.IsCurrent(new PolicySet([Gold, Entry("other", 2)])));
        Assert.False(grant.IsCurrent(new PolicySet([Entry("gold", 1), Other])));
    }

    [Fact]
    public void IsCurrent_used_policy_removed_or_switched_off_is_false()
    {
        var grant = Compile(new PolicySet([Gold, Other]), "gold", "other");

        Assert.False(grant.IsCurrent(new PolicySet([Gold])));
        Assert.False(grant.IsCurrent(new PolicySet([Gold, new PolicyEntry(Other.Policy with { Active = false }, 2, "store")])));
    }

    [Fact]
    public void IsCurrent_missing_policy_appears_is_false()
    {
        var grant = Compile(new PolicySet([Gold]), "gold", "gone");

        Assert.False(grant.IsCurrent(new PolicySet([Gold, Entry("gone", 1)])));
        Assert.False(grant.IsCurrent(new PolicySet([Gold, new PolicyEntry(Entry("gone", 1).Policy with { Active = false }, 1, "store")])));
    }

    [Fact]
    public void IsCurrent_policy_switched_on_or_removed_is_false()
    {
        var grant = Compile(new PolicySet([Gold, Off]), "gold", "off");

        Assert.False(grant.IsCurrent(new PolicySet([Gold, Entry("off", 2)])));
        Assert.False(grant.IsCurrent(new PolicySet([Gold])));
    }

    [Fact]
    public void IsCurrent_failed_grant_follows_its_policies()
    {
        var grant = Compile(PolicySet.Empty, "gone");

        Assert.True(grant.IsCurrent(new PolicySet([Gold])));
        Assert.False(grant.IsCurrent(new PolicySet([Entry("gone", 1)])));
    }

    [Fact]
    public void IsCurrent_key_without_policies_is_true()
    {
        var grant = Compile(new PolicySet([Gold]));

        Assert.True(grant.IsCurrent(PolicySet.Empty));
    }

    [Fact]
    public void Compile_five_policies_with_twenty_apis_grants_each()
    {
        var policies = new PolicySet(Enumerable.Range(0, 5).Select(number => Large($"p{number}", number + 1)));
        var grant = Compile(policies, "p0", "p1", "p2", "p3", "p4");

        Assert.Equal(20, grant.Apis.Count());
        for (int number = 0; number < 20; number++)
        {
            var right = grant.Find($"api-{number}")!;
            Assert.Equal(5, right.Rate!.Max);
            Assert.Equal("policy:p4", right.Rate.Scope);
            Assert.Equal(5, right.Right.Access.AllowedUrls.Length);
            Assert.Equal(["p0", "p1", "p2", "p3", "p4"], right.Right.GrantedBy);
        }

        Assert.Null(grant.Find("api-20"));
    }

    private static Grant Compile(PolicySet policies, params ImmutableArray<string> ids) =>
        GrantCompiler.Compile(new Key { Id = "k", ApplyPolicies = ids }, policies, GrantOptions.Default);

    private static PolicyEntry Entry(string id, long revision) => new(
        new Policy
        {
            Id = id,
            Limits = new LimitSettings { Rate = new RateSettings(1, 1) },
            AccessRights = ImmutableSortedDictionary<string, AccessRight>.Empty.Add("a", new AccessRight()),
        },
        revision,
        "store");

    private static PolicyEntry Large(string id, int rate) => new(
        new Policy
        {
            Id = id,
            Limits = new LimitSettings { Rate = new RateSettings(rate, 1) },
            AccessRights = Enumerable.Range(0, 20).ToImmutableSortedDictionary(
                number => $"api-{number}", _ => new AccessRight { AllowedUrls = [new AllowedUrl("/" + id, ["GET"])] }),
        },
        1,
        "store");
}
