using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Decision.Server.Tests.Proxies;

/// <summary>HTTP as it goes over the wire: what no client library would send.</summary>
internal static class RawHttp
{
    /// <summary>Sends bytes as Latin-1 text, <c>\n</c> for each line's end, and gives the whole answer; the request must ask to close.</summary>
    public static async Task<string> SendAsync(IPEndPoint address, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request.ReplaceLineEndings("\r\n")));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }

    /// <summary>The status of an answer.</summary>
    public static int StatusOf(string answer) => int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
}
