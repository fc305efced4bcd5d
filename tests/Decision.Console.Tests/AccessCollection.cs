namespace Decision.Console.Tests;

/// <summary>Tests of who comes in and sees what, and of a store that fails: beside <see cref="ConsoleCollection"/>, in a browser of their own, since both take long.</summary>
[CollectionDefinition(Name)]
public sealed class AccessCollection : ICollectionFixture<Browser>
{
    public const string Name = "Console: access";
}
