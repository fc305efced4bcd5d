using Decision.Benchmarks.Load;

namespace Decision.Benchmarks.Tests;

public sealed class LoadOptionsTests
{
    [Fact]
    public void Read_nothing_measures_calls_for_five_rounds()
    {
        var options = LoadOptions.Read([], Nothing, out _)!;
        Assert.Equal(["calls"], options.Themes.Select(theme => theme.Name));
        Assert.Equal(5, options.Rounds);
        Assert.Equal("eng/load.sh", options.Command);
    }

    [Fact]
    public void Read_all_with_a_theme_measures_each_once()
    {
        var options = LoadOptions.Read(["--keys", "--all", "--quick"], Nothing, out _)!;
        Assert.Equal(["calls", "ways", "shapes", "keys", "policies", "replicas", "latency", "observed"], options.Themes.Select(theme => theme.Name));
        Assert.Equal(1, options.Rounds);
    }

    [Fact]
    public void Read_tells_the_command_with_what_the_environment_says()
    {
        var options = LoadOptions.Read(["--shapes"], name => name switch { "ROUNDS" => "3", "REDIS_ARGS" => "--appendonly yes", "SERVER_ARGS" => "--Redis:Timeout=1s", _ => null }, out _)!;
        Assert.Equal("ROUNDS=3 REDIS_ARGS='--appendonly yes' SERVER_ARGS=--Redis:Timeout=1s eng/load.sh --shapes", options.Command);
        Assert.Equal(["--appendonly", "yes"], options.RedisArguments);
        Assert.Equal(["--Redis:Timeout=1s"], options.ServerArguments);
    }

    [Theory]
    [InlineData("--what")]
    [InlineData("keys")]
    public void Read_an_unknown_argument_names_it(string argument)
    {
        Assert.Null(LoadOptions.Read([argument], Nothing, out string problem));
        Assert.StartsWith($"{argument} is not known.\nusage: eng/load.sh", problem);
    }

    [Theory]
    [InlineData("ROUNDS", "0", "ROUNDS is \"0\": write a number from 1 to 100.")]
    [InlineData("ROUNDS", "many", "ROUNDS is \"many\": write a number from 1 to 100.")]
    [InlineData("BASE_PORT", "60000", "BASE_PORT is \"60000\": write a number from 1024 to 55000.")]
    [InlineData("PROGRAM", "/nowhere/server", "PROGRAM is /nowhere/server, which is not there.")]
    public void Read_a_wrong_variable_names_it(string name, string text, string expected)
    {
        Assert.Null(LoadOptions.Read([], asked => asked == name ? text : null, out string problem));
        Assert.Equal(expected, problem);
    }

    private static string? Nothing(string name) => null;
}
