using System.Buffers.Binary;
using Decision.Contracts.V1;
using Envoy.Extensions.Common.RateLimit.V3;
using Envoy.Service.Auth.V3;
using Envoy.Service.RateLimit.V3;
using Google.Protobuf;

namespace Decision.Benchmarks.Load;

/// <summary>The same request by every way in, as bytes of gRPC messages and as arguments of h2load for forward auth.</summary>
internal static class LoadMessages
{
    /// <summary>File of the request itself.</summary>
    public const string Authorize = "authorize.bin";

    /// <summary>File of one that costs more than the rate has: refused, each time.</summary>
    public const string Refused = "refused.bin";

    /// <summary>File of the request for Envoy's external authorization.</summary>
    public const string ExtAuthz = "check.bin";

    /// <summary>File of the request for Envoy's rate limit service.</summary>
    public const string RateLimits = "ratelimit.bin";

    // What a browser sends beside the key, as a proxy hands it over.
    private static readonly (string Name, string Value)[] ClientHeaders =
    [
        ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"), ("accept", "application/json"),
        ("accept-encoding", "gzip, br"), ("accept-language", "en"), ("x-request-id", "4f1c2a9e-2d3b-4c5d-8e6f-7a8b9c0d1e2f"),
        ("x-forwarded-for", "192.0.2.10"), ("x-forwarded-proto", "https"),
    ];

    /// <summary>File of a batch of the request.</summary>
    public static string Batch(int requests) => $"batch_{requests}.bin";

    /// <summary>File of a stream of it.</summary>
    public static string Stream(int requests) => $"stream_{requests}.bin";

    /// <summary>The request.</summary>
    public static AuthorizeRequest Of(string key) => new() { ApiKey = key, ApiId = Samples.Api, Method = "GET", Path = Samples.LastPath };

    /// <summary>Writes all files for a key.</summary>
    public static async Task WriteAsync(string folder, string key)
    {
        var request = Of(key);
        await File.WriteAllBytesAsync(Path.Combine(folder, Authorize), Framed(request));
        foreach (int count in (int[])[1, 10, 100])
        {
            var batch = new AuthorizeBatchRequest();
            batch.Requests.AddRange(Enumerable.Repeat(request, count));
            await File.WriteAllBytesAsync(Path.Combine(folder, Batch(count)), Framed(batch));
            byte[] message = Framed(new AuthorizeStreamRequest { Request = request });
            await File.WriteAllBytesAsync(Path.Combine(folder, Stream(count)), [.. Enumerable.Repeat(message, count).SelectMany(bytes => bytes)]);
        }

        await File.WriteAllBytesAsync(Path.Combine(folder, Refused), Framed(new AuthorizeRequest(request) { Cost = Samples.Unreached + 1 }));
        await File.WriteAllBytesAsync(Path.Combine(folder, ExtAuthz), Framed(Check(key)));
        await File.WriteAllBytesAsync(Path.Combine(folder, RateLimits), Framed(RateLimit(key)));
    }

    /// <summary>Arguments of h2load for forward auth.</summary>
    public static IReadOnlyList<string> ForwardAuth(string key) =>
    [
        "--h1",
        .. ClientHeaders.Append(("authorization", "Bearer " + key)).Append(("x-forwarded-method", "GET"))
            .Append(("x-forwarded-uri", Samples.LastPath)).Append(("x-forwarded-host", "shop.example.com"))
            .SelectMany(header => (string[])["-H", $"{header.Item1}: {header.Item2}"]),
    ];

    /// <summary>A message as gRPC sends it: not compressed, four bytes of length, the message.</summary>
    public static byte[] Framed(IMessage request)
    {
        byte[] framed = new byte[5 + request.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), request.CalculateSize());
        request.WriteTo(framed.AsSpan(5));
        return framed;
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
}
