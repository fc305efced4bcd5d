using System.Buffers.Binary;
using Decision.Contracts.V1;
using Envoy.Extensions.Common.RateLimit.V3;
using Envoy.Service.Auth.V3;
using Envoy.Service.RateLimit.V3;
using Google.Protobuf;

namespace Decision.Benchmarks.Load;

/// <summary>
/// Makes what the load needs: a database with a policy whose limits are never reached and a key of it, and the same request by every way in: as
/// bytes of gRPC messages, and as arguments of h2load for forward auth.
/// </summary>
internal static class LoadPreparation
{
    // What a browser sends beside the key, as a proxy hands it over.
    private static readonly (string Name, string Value)[] ClientHeaders =
    [
        ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"), ("accept", "application/json"),
        ("accept-encoding", "gzip, br"), ("accept-language", "en"), ("x-request-id", "4f1c2a9e-2d3b-4c5d-8e6f-7a8b9c0d1e2f"),
        ("x-forwarded-for", "192.0.2.10"), ("x-forwarded-proto", "https"),
    ];

    /// <summary><c>prepare DATABASE FOLDER</c>: the files are made. The server is started on the database afterwards.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [string database, string folder])
        {
            await Console.Error.WriteLineAsync("Write: prepare DATABASE FOLDER, the name of a file to make and of a folder for others.");
            return 1;
        }

        var house = await House.OpenAsync(Path.GetFullPath(database), folder: null);
        await using (house.ConfigureAwait(false))
        {
            string key = await house.AddKeyAsync(Samples.Policies(1, 1));
            var request = new AuthorizeRequest { ApiKey = key, ApiId = Samples.Api, Method = "GET", Path = Samples.LastPath };
            await File.WriteAllBytesAsync(Path.Combine(folder, "authorize.bin"), Framed(request));
            foreach (int count in (int[])[1, 10, 100])
            {
                var batch = new AuthorizeBatchRequest();
                batch.Requests.AddRange(Enumerable.Repeat(request, count));
                await File.WriteAllBytesAsync(Path.Combine(folder, $"batch_{count}.bin"), Framed(batch));
                byte[] message = Framed(new AuthorizeStreamRequest { Request = request });
                await File.WriteAllBytesAsync(Path.Combine(folder, $"stream_{count}.bin"), [.. Enumerable.Repeat(message, count).SelectMany(bytes => bytes)]);
            }

            // More than the limit in one request: refused by it, each time.
            await File.WriteAllBytesAsync(
                Path.Combine(folder, "refused.bin"), Framed(new AuthorizeRequest(request) { Cost = Samples.Unreached + 1 }));
            await File.WriteAllBytesAsync(Path.Combine(folder, "check.bin"), Framed(Check(key)));
            await File.WriteAllBytesAsync(Path.Combine(folder, "ratelimit.bin"), Framed(RateLimit(key)));
            await File.WriteAllLinesAsync(Path.Combine(folder, "forward_auth.args"), ForwardAuth(key));
        }

        return 0;
    }

    private static CheckRequest Check(string key)
    {
        var http = new AttributeContext.Types.HttpRequest { Method = "GET", Path = Samples.LastPath, Host = "shop.example.com", Scheme = "https" };
        http.Headers[":method"] = "GET";
        http.Headers[":path"] = Samples.LastPath;
        http.Headers[":authority"] = "shop.example.com";
        http.Headers["authorization"] = "Bearer " + key;
        foreach (var (name, value) in ClientHeaders)
        {
            http.Headers[name] = value;
        }

        return new CheckRequest
        {
            Attributes = new AttributeContext
            {
                Request = new AttributeContext.Types.Request { Http = http },
                ContextExtensions = { ["api_id"] = Samples.Api },
            },
        };
    }

    private static RateLimitRequest RateLimit(string key)
    {
        var descriptor = new RateLimitDescriptor();
        foreach (var (name, value) in ((string, string)[])[("api_key", key), ("api_id", Samples.Api), ("method", "GET"), ("path", Samples.LastPath)])
        {
            descriptor.Entries.Add(new RateLimitDescriptor.Types.Entry { Key = name, Value = value });
        }

        return new RateLimitRequest { Domain = "shop", Descriptors = { descriptor } };
    }

    // One argument on each line.
    private static IEnumerable<string> ForwardAuth(string key) =>
    [
        "--h1",
        .. ClientHeaders.Append(("authorization", "Bearer " + key)).Append(("x-forwarded-method", "GET"))
            .Append(("x-forwarded-uri", Samples.LastPath)).Append(("x-forwarded-host", "shop.example.com"))
            .SelectMany(header => (string[])["-H", $"{header.Item1}: {header.Item2}"]),
    ];

    // A gRPC message on the wire: not compressed, four bytes of length, the message.
    private static byte[] Framed(IMessage request)
    {
        byte[] framed = new byte[5 + request.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), request.CalculateSize());
        request.WriteTo(framed.AsSpan(5));
        return framed;
    }
}
