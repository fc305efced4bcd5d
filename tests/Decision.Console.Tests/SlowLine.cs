namespace Decision.Console.Tests;

/// <summary>The connection between a page and the server, on which messages can be held up in each direction.</summary>
internal sealed class SlowLine
{
    private readonly TaskCompletionSource _answered = new();

    public SlowLine()
    {
        Answers = new Direction(() => _answered.TrySetResult());
        Acts = new Direction(() => { });
    }

    /// <summary>From the server to the page.</summary>
    public Direction Answers { get; }

    /// <summary>From the page to the server.</summary>
    public Direction Acts { get; }

    /// <summary>Ends when an answer is held.</summary>
    public Task AnswerHeld => _answered.Task.WaitAsync(TimeSpan.FromMilliseconds(Browser.Patience), TimeProvider.System);

    /// <summary>Takes a connection over.</summary>
    public void Take(IWebSocketRoute page)
    {
        var server = page.ConnectToServer();
        server.OnMessage(message => Answers.Take(page, message));
        page.OnMessage(message => Acts.Take(server, message));
    }

    /// <summary>One direction.</summary>
    /// <param name="held">Told of each message that is held.</param>
    internal sealed class Direction(Action held)
    {
        private readonly Lock _lock = new();
        private readonly Queue<Action> _held = new();
        private bool _isHolding;

        /// <summary>From now on, holds what comes.</summary>
        public void Hold()
        {
            lock (_lock)
            {
                _isHolding = true;
            }
        }

        /// <summary>Passes on what is held, in its order, and what comes after it.</summary>
        public void Release()
        {
            lock (_lock)
            {
                _isHolding = false;
                while (_held.TryDequeue(out var pass))
                {
                    pass();
                }
            }
        }

        public void Take(IWebSocketRoute to, IWebSocketFrame message)
        {
            lock (_lock)
            {
                if (!_isHolding)
                {
                    Pass(to, message);
                    return;
                }

                _held.Enqueue(() => Pass(to, message));
                held();
            }
        }

        private static void Pass(IWebSocketRoute to, IWebSocketFrame message)
        {
            if (message.Binary is { } bytes)
            {
                to.Send(bytes);
            }
            else
            {
                to.Send(message.Text!);
            }
        }
    }
}
