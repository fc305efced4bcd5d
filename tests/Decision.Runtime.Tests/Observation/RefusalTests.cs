using Decision.Engine;
using Decision.Runtime.Administration;
using Decision.Runtime.Decisions;
using Decision.Runtime.Observation.Notes;
using Decision.Runtime.Observation.Refusals;
using Microsoft.Extensions.Time.Testing;

namespace Decision.Runtime.Tests.Observation;

public sealed class RefusalTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _time = new(Start);

    [Fact]
    public void Top_tells_keys_policies_and_APIs_and_narrows_to_an_organisation()
    {
        var top = new RefusalTop(_time);
        var mine = Observed.Grant("k-acme", "acme", policies: "gold");
        var other = Observed.Grant("k-other", "other", policies: "silver");
        Refuse(top, Observed.Verdict(Reason.RateLimited, mine, origin: "gold"), 3);
        Refuse(top, Observed.Verdict(Reason.KeyInactive, other, origin: "key"), 2);
        Refuse(top, Observed.Verdict(Reason.KeyUnknown), 4, "billing");

        Assert.Equal([" 4 KeyUnknown", "k-acme 3 RateLimited", "k-other 2 KeyInactive"], Told(top.Read(RefusedBy.Key, null, 10)));
        Assert.Equal(["gold 3 RateLimited"], Told(top.Read(RefusedBy.Policy, null, 10)));
        Assert.Equal(["billing 4 KeyUnknown", "orders 3 RateLimited", "orders 2 KeyInactive"], Told(top.Read(RefusedBy.Api, null, 10)));
        Assert.Equal(["orders 2 KeyInactive"], Told(top.Read(RefusedBy.Api, "other", 10)));
        Assert.Equal([" 4 KeyUnknown"], Told(top.Read(RefusedBy.Key, null, 1)));
        Assert.Equal((9, 3), (top.Read(RefusedBy.Key, null, 10).Total, top.Read(RefusedBy.Key, "acme", 10).Total));
    }

    [Fact]
    public void Top_forgets_after_five_to_ten_minutes_and_says_since_when_it_counts()
    {
        var top = new RefusalTop(_time);
        var verdict = Observed.Verdict(Reason.RateLimited, Observed.Grant("k"));
        Refuse(top, verdict, 1);
        Assert.Equal(Start, top.Read(RefusedBy.Key, null, 10).Since);

        _time.Advance(TimeSpan.FromMinutes(7));
        Refuse(top, verdict, 1);
        Assert.Equal((2, Start), (top.Read(RefusedBy.Key, null, 10).Names[0].Count, top.Read(RefusedBy.Key, null, 10).Since));

        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal((1, Start + TimeSpan.FromMinutes(5)), (top.Read(RefusedBy.Key, null, 10).Names[0].Count, top.Read(RefusedBy.Key, null, 10).Since));

        _time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(top.Read(RefusedBy.Key, null, 10).Names);
        Assert.Equal(0, top.Read(RefusedBy.Key, null, 10).Total);
    }

    [Fact]
    public async Task Top_counts_every_refusal_however_many_threads_refuse()
    {
        var top = new RefusalTop(_time);
        var verdict = Observed.Verdict(Reason.RateLimited, Observed.Grant("k"));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Refuse(top, verdict, 10_000))));

        Assert.Equal(80_000, Assert.Single(top.Read(RefusedBy.Key, null, 10).Names).Count);
    }

    [Fact]
    public void A_follower_hears_what_fits_its_filter()
    {
        var feed = new RefusalFeed();
        using var all = feed.Follow(new RefusalFilter());
        using var narrow = feed.Follow(new RefusalFilter { OrganizationId = "acme", KeyId = "k1", PolicyId = "gold", ApiId = "orders", Reasons = [Reason.RateLimited] });
        var grant = Observed.Grant("k1", policies: "gold");

        feed.Tell(Note(Reason.RateLimited, "orders") with { Grant = grant });
        feed.Tell(Note(Reason.QuotaExceeded, "orders") with { Grant = grant });
        feed.Tell(Note(Reason.RateLimited, "billing") with { Grant = grant });
        feed.Tell(Note(Reason.RateLimited, "orders") with { Grant = Observed.Grant("k2", policies: "gold") });
        feed.Tell(Note(Reason.RateLimited, "orders") with { Grant = Observed.Grant("k1", policies: "silver") });
        feed.Tell(Note(Reason.RateLimited, "orders") with { Grant = Observed.Grant("k1", "other", policies: "gold") });
        feed.Tell(Note(Reason.KeyUnknown, "orders"));

        Assert.Equal(7, all.Reader.Count);
        Assert.Equal(1, narrow.Reader.Count);
    }

    [Fact]
    public void A_slow_follower_misses_some_and_learns_how_many_and_nobody_waits()
    {
        var feed = new RefusalFeed();
        using var follower = feed.Follow(new RefusalFilter());
        for (int number = 0; number < 1_500; number++)
        {
            feed.Tell(Note(Reason.RateLimited, "orders"));
        }

        Assert.Equal((1_000, 500L), (follower.Reader.Count, follower.TakeMissed()));
        Assert.Equal(0, follower.TakeMissed());
    }

    [Fact]
    public void Followers_are_bounded_and_leave_room_when_they_end()
    {
        var feed = new RefusalFeed();
        RefusalFollower[] followers = [.. Enumerable.Range(0, RefusalFeed.MostFollowers).Select(_ => feed.Follow(new RefusalFilter()))];
        Assert.Throws<AdministrationException>(() => feed.Follow(new RefusalFilter()));

        followers[0].Dispose();
        using var next = feed.Follow(new RefusalFilter());

        Array.ForEach(followers, follower => follower.Dispose());
        Assert.True(feed.HasFollowers);
    }

    [Theory]
    [InlineData("/orders/1?api_key=secret&x=1", "", "/orders/1")]
    [InlineData("/orders/1#part", "", "/orders/1")]
    [InlineData("/k/a-key-in-the-path/x", "a-key-in-the-path", "/k/***/x")]
    [InlineData("/k/a-key-in-the-path/x", "Bearer a-key-in-the-path", "/k/***/x")]
    [InlineData("/a/a/a", "a", "/a/a/a")]
    [InlineData("", "a-key", "")]
    [InlineData(null, null, "")]
    public void A_path_is_written_down_without_query_and_key(string? path, string? key, string expected) =>
        Assert.Equal(expected, LoggedPath.Of(path, key));

    [Fact]
    public void A_path_with_what_has_the_form_of_a_key_is_written_down_without_it()
    {
        string token = Engine.Credentials.KeyToken.Create(
            Engine.Credentials.KeyToken.CreateId(new byte[Engine.Credentials.KeyToken.IdRandomLength]), new byte[Engine.Credentials.KeyToken.SecretRandomLength]);

        Assert.Equal("/k/***/x", LoggedPath.Of($"/k/{token}/x", "another-key-altogether"));
    }

    private static DecisionNote Note(Reason reason, string api) => new() { DecisionId = "d", At = Start, Reason = reason, ApiId = api };

    private static void Refuse(RefusalTop top, Verdict verdict, int times, string api = "orders")
    {
        var call = Observed.Call(api);
        for (int time = 0; time < times; time++)
        {
            top.Count(in call, in verdict);
        }
    }

    private static IEnumerable<string> Told(RefusalReport report) => report.Names.Select(name => $"{name.Name} {name.Count} {name.LastReason}");
}
