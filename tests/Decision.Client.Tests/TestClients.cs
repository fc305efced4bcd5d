using System.Net;
using System.Net.Sockets;

namespace Decision.Client.Tests;

/// <summary>Clients and requests that tests share.</summary>
internal static class TestClients
{
    /// <summary>
    /// Ten times the default deadline and more: what a test waits for comes, however busy the machine is.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static AuthorizationRequest Request { get; } = new() { ApiKey = "key-of-a-client", ApiId = "orders", Method = "GET", Path = "/orders/1" };

    /// <summary>A client with a deadline that no working service misses.</summary>
    public static DecisionClient To(string address, Action<DecisionClientOptions>? change = null, TimeProvider? time = null)
    {
        var options = new DecisionClientOptions { Address = address, Deadline = Patience, BatchDeadline = Patience };
        change?.Invoke(options);
        return new DecisionClient(options, time);
    }

    /// <summary>An address that nobody listens on.</summary>
    public static string DeadAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://{listener.LocalEndpoint}";
    }
}
