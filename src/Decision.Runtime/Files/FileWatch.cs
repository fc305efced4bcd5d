using System.Threading.Channels;
using Decision.Runtime.Credentials;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Files;

/// <summary>Has the file layer look at its files: at each event, and each <see cref="RuntimeOptions.PollInterval"/>.</summary>
internal sealed class FileWatch : IDisposable
{
    private readonly FileLayer _layer;
    private readonly TimeProvider _time;
    private readonly ILogger<FileWatch> _log;
    private readonly TimeSpan _interval;
    private readonly FolderEvents _events;
    private readonly CancellationTokenSource _stopping = new();

    // One place: what comes during a look has one more look follow, however much it is.
    private readonly Channel<bool> _calls = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _hasEvent;
    private ITimer? _timer;
    private Task _looking = Task.CompletedTask;

    public FileWatch(FileLayer layer, TimeProvider time, IOptions<RuntimeOptions> options, ILogger<FileWatch> log)
    {
        (_layer, _time, _log, _interval) = (layer, time, log, options.Value.PollInterval);
        _events = new FolderEvents(layer.Sources, _interval, log, OnEvent);
    }

    /// <summary>Starts to watch; once.</summary>
    public void Start()
    {
        if (_layer.Sources.IsEmpty)
        {
            return;
        }

        _events.Listen();
        _looking = Task.Run(LookAsync);
        _timer = _time.CreateTimer(_ => _calls.Writer.TryWrite(true), null, _interval, _interval);

        // What changed between the first load and the watch.
        OnEvent();
    }

    /// <summary>Stops when the look that runs has ended.</summary>
    public async Task StopAsync()
    {
        _events.Dispose();
        if (_timer is not null)
        {
            await _timer.DisposeAsync().ConfigureAwait(false);
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await _looking.ConfigureAwait(false);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _events.Dispose();
        _timer?.Dispose();
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private void OnEvent()
    {
        Volatile.Write(ref _hasEvent, 1);
        _calls.Writer.TryWrite(true);
    }

    private async Task LookAsync()
    {
        try
        {
            Actor.Become(Actor.OfServer("file watch"));
            while (await _calls.Reader.WaitToReadAsync(_stopping.Token).ConfigureAwait(false))
            {
                _calls.Reader.TryRead(out _);
                await LookOnceAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task LookOnceAsync()
    {
        bool hasEvent = Interlocked.Exchange(ref _hasEvent, 0) == 1;
#pragma warning disable CA1031 // Whatever one look meets, the next one must still see a change.
        try
        {
            var reload = await _layer.LookAsync(trustsStamps: !hasEvent, _stopping.Token).ConfigureAwait(false);
            if (reload is not null && !hasEvent)
            {
                // A change of which no event came: the folder that is listened to may not be the one that is there now.
                _events.Listen();
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            FileLayerLog.LookFailed(_log, error);
        }
#pragma warning restore CA1031
    }
}
