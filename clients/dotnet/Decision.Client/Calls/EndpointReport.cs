using Microsoft.Extensions.Logging;

namespace Decision.Client.Calls;

/// <summary>Tells when an address begins to fail and when it answers again, and not more often than needed: a flood of calls must not be a flood of lines.</summary>
internal sealed class EndpointReport(string address, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private int _isTold;
    private long? _toldAt;

    public void Failed(string detail)
    {
        if (Volatile.Read(ref _isTold) == 0
            && (_toldAt is not { } told || time.GetElapsedTime(told) >= Pause)
            && Interlocked.Exchange(ref _isTold, 1) == 0)
        {
            _toldAt = time.GetTimestamp();
            ClientLog.AddressFailed(log, address, detail);
        }
    }

    public void Answered()
    {
        if (Volatile.Read(ref _isTold) == 1 && Interlocked.Exchange(ref _isTold, 0) == 1)
        {
            ClientLog.AnswersAgain(log, address);
        }
    }
}
