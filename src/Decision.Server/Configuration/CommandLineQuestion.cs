namespace Decision.Server.Configuration;

/// <summary>What a command line asks to be printed.</summary>
internal enum CommandLineQuestion
{
    /// <summary>Nothing: start.</summary>
    Nothing,

    /// <summary>How to start.</summary>
    Help,

    /// <summary>The version.</summary>
    Version,
}
