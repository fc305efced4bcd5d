using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Decision.Server.Tests.TykApi;

/// <summary>Everything that the server would log at the most talkative setting, with scopes and exceptions.</summary>
internal sealed class LoggedLines : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _lines = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Logger(LoggedLines lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => lines._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var parts = new List<string> { $"{logLevel} {category}: {formatter(state, exception)} {exception}" };
            if (state is IEnumerable<KeyValuePair<string, object?>> fields)
            {
                parts.AddRange(fields.Select(field => $"{field.Key}={field.Value}"));
            }

            lines._scopes.ForEachScope(
                static (scope, all) => all.Add(scope is IEnumerable<KeyValuePair<string, object?>> fields
                    ? string.Join(' ', fields.Select(field => $"{field.Key}={field.Value}"))
                    : scope?.ToString() ?? ""),
                parts);
            lines._lines.Enqueue(string.Join(" | ", parts));
        }
    }
}
