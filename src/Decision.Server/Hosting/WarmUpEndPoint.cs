using System.Net;
using System.Net.Sockets;

namespace Decision.Server.Hosting;

/// <summary>An address inside the process, which the server opens before those that others can reach.</summary>
internal sealed class WarmUpEndPoint : EndPoint
{
    /// <summary>Takes the one connection of the warm-up.</summary>
    public static readonly WarmUpEndPoint Begin = new();

    /// <summary>Takes nothing, and is open when the warm-up has ended: what is opened after it finds a warm server.</summary>
    public static readonly WarmUpEndPoint End = new();

    private WarmUpEndPoint()
    {
    }

    public override AddressFamily AddressFamily => AddressFamily.Unspecified;

    public override string ToString() => "warm-up";
}
