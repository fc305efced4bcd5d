using System.Reflection;

namespace Decision.Client.Tests;

/// <summary>What a user's program takes in with the packages: the contracts, and nothing of the server.</summary>
public class ReferenceTests
{
    [Theory]
    [InlineData("Decision.Client", "Decision.Contracts")]
    [InlineData("Decision.Client.AspNetCore", "Decision.Client")]
    public void Package_references_only_what_is_below_it(string name, string allowed)
    {
        var references = Assembly.Load(name).GetReferencedAssemblies().Select(reference => reference.Name!).ToArray();

        Assert.Empty(references.Where(reference => reference.StartsWith("Decision.", StringComparison.Ordinal)).Except(allowed.Split(' ')));
        if (name == "Decision.Client")
        {
            Assert.DoesNotContain(references, reference => reference.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
        }
    }
}
