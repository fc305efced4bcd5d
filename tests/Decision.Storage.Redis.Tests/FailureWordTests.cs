using Decision.Storage.Redis.Connections;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Tests;

public class FailureWordTests
{
    // As Redis 7.0 and, behind a dash, 6.2 answer for a command within a script.
    [Theory]
    [InlineData("ERR The user executing the script can't run this command or subcommand script: 42, on @user_script:1.", "auth")]
    [InlineData("ERR Error running script (call to f_42): @user_script:5: @user_script: 5: -OOM command not allowed when used memory > 'maxmemory'.", "oom")]
    [InlineData("ERR Error running script (call to f_42): @user_script:5: WRONGTYPE Operation against a key holding the wrong kind of value", "wrongtype")]
    [InlineData("ERR Error running script (call to f_42): @user_script:5: @user_script: 5: -READONLY You can't write against a read only replica.", "readonly")]
    [InlineData("ERR something else", "other")]
    [InlineData("WRONGTYPE Operation against a key holding the wrong kind of value script: 42, on @user_script:1.", "wrongtype")]
    public void An_error_within_a_script_is_told_like_one_of_a_command(string answer, string word) =>
        Assert.Equal(word, RedisFailure.Of(new RedisServerException(RedisErrorKind.Unknown, CommandFlags.None, answer), TimeSpan.Zero).Word);
}
