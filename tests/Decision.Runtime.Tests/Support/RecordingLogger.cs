using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Decision.Runtime.Tests.Support;

/// <summary>Every message that was logged, with its event's name.</summary>
internal sealed class LogBook
{
    private readonly ConcurrentQueue<(string Event, string Text)> _lines = new();

    public IReadOnlyCollection<(string Event, string Text)> Lines => _lines;

    public string[] Of(string eventName) => [.. _lines.Where(line => line.Event == eventName).Select(line => line.Text)];

    public void Add(string eventName, string text) => _lines.Enqueue((eventName, text));
}

/// <summary>Writes to the <see cref="LogBook"/>.</summary>
internal sealed class RecordingLogger<T>(LogBook book) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        book.Add(eventId.Name ?? "", $"{formatter(state, exception)} {exception}");
}
