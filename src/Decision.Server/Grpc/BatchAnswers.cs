using System.Collections.Frozen;
using Decision.Contracts.V1;
using Decision.Runtime.Decisions;
using Decision.Server.Grpc.Wire;

namespace Decision.Server.Grpc;

/// <summary>
/// The answers of one batch, in order. Where a decision has to wait for the store, further ones are begun meanwhile: on Redis those that wait
/// share calls.
/// </summary>
internal sealed class BatchAnswers(DecisionRuntime runtime, AtOnce atOnce, VerdictReader<byte[]> write, CancellationToken cancellation)
{
    private byte[]?[] _answers = [];
    private readonly Queue<Waiting> _waiting = new();

    /// <summary>Decides them all.</summary>
    /// <param name="requests">What is asked.</param>
    /// <param name="organizations">The organisations that the caller may ask for; null = all.</param>
    public async Task<WrittenAnswers> DecideAsync(IReadOnlyList<AuthorizeRequest> requests, FrozenSet<string>? organizations)
    {
        _answers = new byte[requests.Count][];
        try
        {
            for (int position = 0; position < requests.Count; position++)
            {
                bool isExtra = await MakeRoomAsync();
                Begin(RequestMapping.ToCall(requests[position], organizations), position, isExtra);
            }

            while (_waiting.TryDequeue(out var oldest))
            {
                await TakeAsync(oldest);
            }

            return new WrittenAnswers(_answers);
        }
        finally
        {
            // One failed: the others are waited for all the same, for the sake of their room.
            while (_waiting.TryDequeue(out var left))
            {
                await left.Deciding.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                GiveBack(left.IsExtra);
            }
        }
    }

    // True = beside others, with room of its own; false = it is the only one.
    private async ValueTask<bool> MakeRoomAsync()
    {
        while (_waiting.Count > 0)
        {
            if (_waiting.Count < AtOnce.MostOfOne && atOnce.TryTake())
            {
                return true;
            }

            await TakeAsync(_waiting.Dequeue());
        }

        return false;
    }

    private void Begin(in DecisionCall call, int position, bool isExtra)
    {
        bool isWaiting = false;
        try
        {
            var deciding = runtime.DecideAsync(in call, write, cancellation);
            if (deciding.IsCompletedSuccessfully)
            {
                _answers[position] = deciding.Result;
                return;
            }

            _waiting.Enqueue(new Waiting(position, deciding.AsTask(), isExtra));
            isWaiting = true;
        }
        finally
        {
            GiveBack(isExtra && !isWaiting);
        }
    }

    private async Task TakeAsync(Waiting one)
    {
        try
        {
            _answers[one.Position] = await one.Deciding;
        }
        finally
        {
            GiveBack(one.IsExtra);
        }
    }

    private void GiveBack(bool hasRoom)
    {
        if (hasRoom)
        {
            atOnce.GiveBack();
        }
    }

    private readonly record struct Waiting(int Position, Task<byte[]> Deciding, bool IsExtra);
}
