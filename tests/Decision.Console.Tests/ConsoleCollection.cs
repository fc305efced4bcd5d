namespace Decision.Console.Tests;

/// <summary>Tests that share a browser, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ConsoleCollection : ICollectionFixture<Browser>
{
    public const string Name = "Console";
}
