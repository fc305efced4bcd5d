namespace Decision.Console.Access;

/// <summary>The configuration in force, as the server knows it; secrets are not in it.</summary>
public interface IServerConfiguration
{
    /// <summary>Every known setting, in the order of the server's own list.</summary>
    IReadOnlyList<SettingInForce> Settings { get; }

    /// <summary>What follows from the settings, such as the store; read each time.</summary>
    IReadOnlyList<(string Name, string Value)> ReadFacts();
}
