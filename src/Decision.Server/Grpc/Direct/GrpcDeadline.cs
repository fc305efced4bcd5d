using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Decision.Server.Grpc.Direct;

/// <summary>That the caller went away, or that the time is over which it gives by <c>grpc-timeout</c>: what has not begun by then is not begun.</summary>
internal readonly struct GrpcDeadline : IDisposable
{
    private const string Header = "grpc-timeout";
    private const int MostDigits = 8;

    // Longer than any timer; nobody waits so long for a decision.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly CancellationTokenSource? _source;
    private readonly CancellationToken _aborted;

    private GrpcDeadline(CancellationTokenSource? source, CancellationToken aborted)
    {
        _aborted = aborted;
        _source = source;
    }

    public CancellationToken Token => _source?.Token ?? _aborted;

    /// <summary>Whether the time is over, and the caller may still be there.</summary>
    public bool IsOver => _source is { IsCancellationRequested: true } && !_aborted.IsCancellationRequested;

    /// <summary>Whether a call's <c>grpc-timeout</c> is none, or one that leaves time.</summary>
    public static bool IsUsual(HttpContext http) => http.Request.Headers[Header] is var texts && (texts.Count == 0 || Parse(texts) > TimeSpan.Zero);

    /// <summary>That of a call.</summary>
    public static GrpcDeadline Of(HttpContext http)
    {
        var texts = http.Request.Headers[Header];
        if (texts.Count == 0 || Parse(texts) is not { } timeout || timeout > Longest)
        {
            return new GrpcDeadline(null, http.RequestAborted);
        }

        var source = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        source.CancelAfter(timeout);
        return new GrpcDeadline(source, http.RequestAborted);
    }

    /// <summary>Only that the caller went away, for what does not wait.</summary>
    public static GrpcDeadline OfConnection(HttpContext http) => new(null, http.RequestAborted);

    /// <inheritdoc />
    public void Dispose() => _source?.Dispose();

    // One to eight digits and a unit, as gRPC over HTTP/2 writes it; null = something else.
    private static TimeSpan? Parse(StringValues texts)
    {
        string text = texts.Count == 1 ? texts[0]! : "";
        if (text.Length is < 2 or > MostDigits + 1 || !uint.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out uint count))
        {
            return null;
        }

        return text[^1] switch
        {
            'H' => TimeSpan.FromHours(count),
            'M' => TimeSpan.FromMinutes(count),
            'S' => TimeSpan.FromSeconds(count),
            'm' => TimeSpan.FromMilliseconds(count),
            'u' => TimeSpan.FromMicroseconds(count),
            'n' => TimeSpan.FromTicks(count / 100),
            _ => null,
        };
    }
}
