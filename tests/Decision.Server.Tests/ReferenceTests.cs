using System.Reflection;

namespace Decision.Server.Tests;

/// <summary>References point one way, as docs/architecture.md says.</summary>
public class ReferenceTests
{
    [Theory]
    [InlineData("Decision.Engine", "")]
    [InlineData("Decision.Contracts", "")]
    [InlineData("Decision.Runtime", "Decision.Engine")]
    [InlineData("Decision.Console", "Decision.Engine Decision.Runtime")]
    [InlineData("Decision.Storage.Embedded", "Decision.Engine Decision.Runtime")]
    [InlineData("Decision.Storage.Redis", "Decision.Engine Decision.Runtime")]
    public void Assembly_references_only_what_is_below_it(string name, string allowed)
    {
        var own = References(name).Where(reference => reference.StartsWith("Decision.", StringComparison.Ordinal));

        Assert.Empty(own.Except(allowed.Split(' ')));
    }

    [Fact]
    public void Engine_references_the_base_class_library_alone()
    {
        string shared = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

        Assert.All(References("Decision.Engine"), reference => Assert.True(File.Exists(Path.Combine(shared, reference + ".dll")), reference));
    }

    [Fact]
    public void Runtime_knows_neither_protobuf_nor_a_database()
    {
        Assert.DoesNotContain(
            References("Decision.Runtime"),
            reference => reference.StartsWith("Google.", StringComparison.Ordinal) || reference.StartsWith("Grpc.", StringComparison.Ordinal)
                || reference.Contains("Sqlite", StringComparison.Ordinal) || reference.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    private static IEnumerable<string> References(string name) =>
        Assembly.Load(name).GetReferencedAssemblies().Select(reference => reference.Name!);
}
