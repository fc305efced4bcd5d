namespace Decision.Cli;

/// <summary>What the tool ends with; scripts rely on it.</summary>
internal enum ExitCode
{
    /// <summary>Done, or allowed.</summary>
    Done = 0,

    /// <summary>The service, a check or the person asked has refused.</summary>
    Refused = 1,

    /// <summary>The command line, a file or the environment is wrong; nothing was sent.</summary>
    WrongUse = 2,

    /// <summary>The service is unreachable, too slow or failing.</summary>
    ServiceFailed = 3,

    /// <summary>Stopped by Ctrl+C or a signal, as shells count it.</summary>
    Interrupted = 130,
}
