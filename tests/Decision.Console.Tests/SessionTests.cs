using Decision.Console.Hosting;
using Decision.Console.Sessions;
using Decision.Runtime.Credentials;
using Microsoft.Extensions.Time.Testing;

namespace Decision.Console.Tests;

public sealed class SessionTests
{
    private static readonly Actor Somebody = new("id", "somebody", AdminRole.Viewer);

    private readonly FakeTimeProvider _time = new();
    private readonly ConsoleSessions _sessions;

    public SessionTests() => _sessions = new ConsoleSessions(
        new ConsoleOptions { IdleTimeout = TimeSpan.FromMinutes(30), SessionLifetime = TimeSpan.FromHours(8) }, _time);

    [Fact]
    public void Session_in_which_nobody_does_anything_ends_after_the_idle_time()
    {
        string token = _sessions.Start(Somebody);
        _time.Advance(TimeSpan.FromMinutes(29));
        Assert.True(_sessions.Touch(_sessions.FindByToken(token)!));
        _time.Advance(TimeSpan.FromMinutes(29));
        var session = _sessions.FindByToken(token);
        Assert.NotNull(session);

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(_sessions.FindByToken(token));
        Assert.False(_sessions.Touch(session));
        Assert.Null(_sessions.FindById(session.Id));
    }

    [Fact]
    public void Session_ends_after_its_lifetime_however_it_is_used()
    {
        string token = _sessions.Start(Somebody);
        for (int minutes = 0; minutes < 8 * 60; minutes += 20)
        {
            Assert.True(_sessions.Touch(_sessions.FindByToken(token)!));
            _time.Advance(TimeSpan.FromMinutes(20));
        }

        Assert.Null(_sessions.FindByToken(token));
    }

    [Fact]
    public void Of_too_many_sessions_the_one_that_was_used_least_lately_ends()
    {
        string first = _sessions.Start(Somebody);
        string second = _sessions.Start(Somebody);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_sessions.Touch(_sessions.FindByToken(first)!));
        for (int count = 2; count < ConsoleSessions.MostSessions; count++)
        {
            _sessions.Start(Somebody);
        }

        _sessions.Start(Somebody);

        Assert.NotNull(_sessions.FindByToken(first));
        Assert.Null(_sessions.FindByToken(second));
    }

    [Theory]
    [InlineData("/keys/abc", "/keys/abc")]
    [InlineData("/policies/a%20b", "/policies/a%20b")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/a?b", "/")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    public void Return_path_is_a_page_of_the_console(string? sent, string read) => Assert.Equal(read, ReturnPath.Read(sent));
}
