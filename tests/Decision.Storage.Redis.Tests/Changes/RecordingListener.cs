using System.Threading.Channels;
using Decision.Runtime.Stores;

namespace Decision.Storage.Redis.Tests.Changes;

/// <summary>Writes down what it hears.</summary>
internal sealed class RecordingListener : IChangeListener
{
    private readonly Channel<string> _heard = Channel.CreateUnbounded<string>();

    public void KeyChanged(string keyId) => _heard.Writer.TryWrite("key " + keyId);

    public void DocumentsChanged() => _heard.Writer.TryWrite("documents");

    public void Connected() => _heard.Writer.TryWrite("connected");

    /// <summary>Waits until it is heard; what is heard before is skipped.</summary>
    public async Task WaitAsync(string word)
    {
        while (await _heard.Reader.ReadAsync(TestContext.Current.CancellationToken) != word)
        {
        }
    }

    /// <summary>Acts at each connection until the word is heard: what is told while there was none is lost.</summary>
    public async Task HearAsync(string word, Func<Task> actAtConnection)
    {
        while (await _heard.Reader.ReadAsync(TestContext.Current.CancellationToken) is var heard && heard != word)
        {
            if (heard == "connected")
            {
                await actAtConnection();
            }
        }
    }

    /// <summary>Waits for the next word that is not <c>connected</c>, which may come at any time.</summary>
    public async Task<string> NextAsync()
    {
        while (true)
        {
            string word = await _heard.Reader.ReadAsync(TestContext.Current.CancellationToken);
            if (word != "connected")
            {
                return word;
            }
        }
    }
}
