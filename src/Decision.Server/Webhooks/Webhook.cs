using System.Net;
using System.Net.Http.Headers;
using System.Threading.Channels;
using Decision.Runtime.Observation.Quotas;
using Decision.Server.Hosting;

namespace Decision.Server.Webhooks;

/// <summary>
/// Sends events to their receiver, one after the other. What does not arrive is tried again after longer and longer pauses; what waits is bounded,
/// and an event for which there is no room is dropped and counted. An event may arrive twice, with the same id.
/// </summary>
internal sealed class Webhook : IQuotaEvents, IHostedService, IDisposable
{
    /// <summary>Events that wait at most.</summary>
    public const int MostWaiting = 1_000;

    /// <summary>How often an event is tried at most.</summary>
    public const int MostTries = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private readonly WebhookSettings _settings;
    private readonly WebhookMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<Webhook> _log;
    private readonly LogPace _pace;
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<QuotaEvent> _events = Channel.CreateBounded<QuotaEvent>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private bool _isDisposed;
    private Task _sending = Task.CompletedTask;

    public Webhook(WebhookSettings settings, WebhookMetrics metrics, TimeProvider time, ILogger<Webhook> log)
    {
        (_settings, _metrics, _time, _log, _pace) = (settings, metrics, time, log, new LogPace(time));

        // A receiver that moved is set anew: what is signed for one address is not handed on to another.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
    }

    public void Raise(QuotaEvent raised)
    {
        if (_events.Writer.TryWrite(raised))
        {
            return;
        }

        _metrics.Ended("dropped");
        if (_pace.IsDue(out long unsaid))
        {
            WebhookLog.Dropped(_log, unsaid + 1);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _sending = Task.Run(() => SendAllAsync(_stopping.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _sending;
        if (_events.Reader.Count > 0)
        {
            WebhookLog.Left(_log, _events.Reader.Count);
        }
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _stopping.Cancel();
            _stopping.Dispose();
            _http.Dispose();
        }
    }

    private async Task SendAllAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var raised in _events.Reader.ReadAllAsync(stopping))
            {
                await SendAsync(raised, stopping);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task SendAsync(QuotaEvent raised, CancellationToken stopping)
    {
        byte[] body = WebhookBody.Of(raised);
        var pause = FirstPause;
        for (int number = 1; ; number++)
        {
            var (problem, isLasting) = await TryAsync(raised, body, stopping);
            if (problem is null)
            {
                _metrics.Ended("delivered");
                return;
            }

            if (isLasting || number == MostTries)
            {
                _metrics.Ended("failed");
                WebhookLog.Failed(_log, raised.Id, problem);
                return;
            }

            var pausing = Task.Delay(pause, _time, stopping);
            WebhookLog.Retried(_log, raised.Id, number, pause, problem);
            await pausing;
            pause *= 2;
        }
    }

    // Null = it arrived.
    private async Task<(string? Problem, bool IsLasting)> TryAsync(QuotaEvent raised, byte[] body, CancellationToken stopping)
    {
        using var late = new CancellationTokenSource(_settings.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopping);
        using var request = new HttpRequestMessage(HttpMethod.Post, _settings.Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(WebhookSignature.Header, WebhookSignature.Of(_settings.Secret, _time.GetUtcNow(), body));
        request.Headers.Add("X-Decision-Event", raised.Id);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            bool mayPass = response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)response.StatusCode >= 500;
            return response.IsSuccessStatusCode ? (null, false) : ($"the receiver answered {(int)response.StatusCode}", !mayPass);
        }
        catch (HttpRequestException error)
        {
            return (error.Message, false);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return ($"the receiver did not answer within {_settings.Timeout}", false);
        }
    }
}
