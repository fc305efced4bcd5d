namespace Decision.Storage.Redis.Counters;

/// <summary>How a server is told which script to run, the cheapest first.</summary>
internal enum ScriptForm
{
    /// <summary>As a function, which Redis has from 7.0 on.</summary>
    Function,

    /// <summary>By the hash of a text that it was sent once.</summary>
    Name,

    /// <summary>By its text.</summary>
    Text,
}
