namespace Decision.Console.Tests;

/// <summary>Tests of pages that share a browser, one after the other; <see cref="AccessCollection"/> has the others.</summary>
[CollectionDefinition(Name)]
public sealed class ConsoleCollection : ICollectionFixture<Browser>
{
    public const string Name = "Console";
}
