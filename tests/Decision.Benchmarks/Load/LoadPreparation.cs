using System.Buffers.Binary;
using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Decision.Benchmarks.Load;

/// <summary>Makes what the load needs in a running server: a policy whose limits are never reached, a key, and the request as bytes.</summary>
internal static class LoadPreparation
{
    private const string PolicyId = "load";

    /// <summary><c>--address URL --out FILE</c>, with the admin secret in the environment variable <c>ADMIN_SECRET</c>.</summary>
    /// <returns>0, or 1 when the server does not answer as it should.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (Option(args, "--address") is not { } address || Option(args, "--out") is not { } file
            || Environment.GetEnvironmentVariable("ADMIN_SECRET") is not { Length: > 0 } secret)
        {
            await Console.Error.WriteLineAsync("Write: prepare --address http://127.0.0.1:PORT --out FILE, with ADMIN_SECRET in the environment.");
            return 1;
        }

        using var channel = GrpcChannel.ForAddress(address);
        var credential = new Metadata { { "authorization", $"Bearer {secret}" } };
        await new PolicyAdminService.PolicyAdminServiceClient(channel)
            .CreatePolicyAsync(new CreatePolicyRequest { Policy = Policy() }, credential).ResponseAsync.ConfigureAwait(false);
        var created = await new KeyService.KeyServiceClient(channel)
            .CreateKeyAsync(new CreateKeyRequest { Key = new Key { ApplyPolicies = { PolicyId } } }, credential).ResponseAsync.ConfigureAwait(false);
        var request = new AuthorizeRequest { ApiKey = created.ApiKey, ApiId = Samples.Api, Method = "GET", Path = Samples.LastPath };
        var answer = await new AuthorizeService.AuthorizeServiceClient(channel).AuthorizeAsync(request).ResponseAsync.ConfigureAwait(false);
        if (!answer.Allowed)
        {
            await Console.Error.WriteLineAsync($"The prepared request is refused: {answer}");
            return 1;
        }

        await File.WriteAllBytesAsync(file, Framed(request)).ConfigureAwait(false);
        await Console.Out.WriteLineAsync($"request {request.CalculateSize()} bytes, answer {answer.CalculateSize()} bytes: {answer}");
        return 0;
    }

    public static string? Option(string[] args, string name)
    {
        int at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }

    private static Policy Policy() => new()
    {
        Id = PolicyId,
        Name = "Load",
        Rate = Samples.Rate.Rate,
        Per = Samples.Rate.Per,
        QuotaMax = Samples.Quota.Max,
        QuotaRenewalRate = Samples.Quota.RenewalRate,
        AccessRights = { [Samples.Api] = new AccessRight { ApiId = Samples.Api, ApiName = "API 0", Versions = { "Default" } } },
    };

    // A gRPC message on the wire: not compressed, four bytes of length, the message.
    private static byte[] Framed(AuthorizeRequest request)
    {
        byte[] framed = new byte[5 + request.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), request.CalculateSize());
        request.WriteTo(framed.AsSpan(5));
        return framed;
    }
}
