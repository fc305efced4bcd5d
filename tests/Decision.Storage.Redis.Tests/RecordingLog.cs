using Microsoft.Extensions.Logging;

namespace Decision.Storage.Redis.Tests;

/// <summary>Keeps what is logged.</summary>
internal sealed class RecordingLog<T> : ILogger<T>
{
    private readonly List<(LogLevel Level, string Name, string Text)> _lines = [];

    public (LogLevel Level, string Name, string Text)[] Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Names of the events, in order.</summary>
    public string[] Names => [.. Lines.Select(line => line.Name)];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
        {
            _lines.Add((logLevel, eventId.Name!, formatter(state, exception)));
        }
    }
}
