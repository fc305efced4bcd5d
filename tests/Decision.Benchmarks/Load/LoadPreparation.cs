using System.Buffers.Binary;
using Decision.Contracts.V1;
using Google.Protobuf;

namespace Decision.Benchmarks.Load;

/// <summary>Makes what the load needs: a database with a policy whose limits are never reached and a key of it, and the request as bytes.</summary>
internal static class LoadPreparation
{
    /// <summary><c>prepare DATABASE BODY</c>: both files are made. The server is started on the database afterwards.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [string database, string body])
        {
            await Console.Error.WriteLineAsync("Write: prepare DATABASE BODY, the names of two files to make.");
            return 1;
        }

        var house = await House.OpenAsync(Path.GetFullPath(database), folder: null);
        await using (house.ConfigureAwait(false))
        {
            string key = await house.AddKeyAsync(Samples.Policies(1, 1));
            var request = new AuthorizeRequest { ApiKey = key, ApiId = Samples.Api, Method = "GET", Path = Samples.LastPath };
            await File.WriteAllBytesAsync(body, Framed(request));
        }

        return 0;
    }

    // A gRPC message on the wire: not compressed, four bytes of length, the message.
    private static byte[] Framed(AuthorizeRequest request)
    {
        byte[] framed = new byte[5 + request.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), request.CalculateSize());
        request.WriteTo(framed.AsSpan(5));
        return framed;
    }
}
