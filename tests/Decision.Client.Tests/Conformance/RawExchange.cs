using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Decision.Client.Tests.Conformance;

/// <summary>A request over a connection of its own, written as a case says it and no library would, with its answer.</summary>
/// <param name="Status">The status of the answer.</param>
/// <param name="Headers">Its headers, in order.</param>
/// <param name="Body">Its body.</param>
internal sealed record RawExchange(int Status, IReadOnlyList<(string Name, string Value)> Headers, string Body)
{
    /// <summary>The header with the name; null = it did not come.</summary>
    public string? Header(string name) =>
        Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).FirstOrDefault();

    /// <summary>Sends one: <c>method</c>, <c>target</c>, and <c>headers</c> as pairs.</summary>
    public static async Task<RawExchange> SendAsync(int port, JsonObject request)
    {
        var headers = ((JsonArray)request["headers"]!).Select(pair => ((string)pair![0]!, (string)pair[1]!)).ToList();
        if (!headers.Exists(header => header.Item1.Equals("Host", StringComparison.OrdinalIgnoreCase)))
        {
            headers.Add(("Host", $"127.0.0.1:{port}"));
        }

        headers.Add(("Connection", "close"));
        string head = $"{request["method"]} {request["target"]} HTTP/1.1\r\n" + string.Concat(headers.Select(header => $"{header.Item1}: {header.Item2}\r\n")) + "\r\n";
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, port);
        await connection.GetStream().WriteAsync(Encoding.Latin1.GetBytes(head));
        using var whole = new MemoryStream();
        await connection.GetStream().CopyToAsync(whole);
        return Read(whole.ToArray());
    }

    private static RawExchange Read(byte[] answer)
    {
        int end = answer.AsSpan().IndexOf("\r\n\r\n"u8);
        string[] lines = Encoding.Latin1.GetString(answer, 0, end).Split("\r\n");
        var headers = lines[1..].Select(line => line.Split(':', 2)).Select(parts => (parts[0], parts[1].Trim())).ToList();
        var body = answer.AsSpan(end + 4);
        bool isChunked = headers.Exists(header => header is ("Transfer-Encoding", "chunked"));
        return new RawExchange(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, Encoding.UTF8.GetString(isChunked ? Joined(body) : body));
    }

    private static byte[] Joined(ReadOnlySpan<byte> chunked)
    {
        using var joined = new MemoryStream();
        while (true)
        {
            int line = chunked.IndexOf("\r\n"u8);
            int length = int.Parse(Encoding.ASCII.GetString(chunked[..line]), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length == 0)
            {
                return joined.ToArray();
            }

            joined.Write(chunked.Slice(line + 2, length));
            chunked = chunked[(line + 2 + length + 2)..];
        }
    }
}
