using Decision.Client.Memory;
using Decision.Contracts.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Decision.Client.Mapping;

/// <summary>Runs the code of a decision once without a call, so that it is compiled before the first one has a deadline to keep.</summary>
internal static class CodeWarmUp
{
    public static void Run(DenialMemory memory)
    {
        var request = new AuthorizationRequest { ApiKey = "k", ApiId = "a", Method = "GET", Path = "/" };
        RequestRules.Require(request);
        _ = memory.Find(memory.Fingerprint(request));
        _ = AuthorizeRequest.Parser.ParseFrom(RequestMapping.ToWire(request).ToByteArray());
        var response = new AuthorizeResponse
        {
            Tags = { "t" },
            Policies = { new Contracts.V1.PolicyReference { Id = "p" } },
            Limits = { new Contracts.V1.LimitStatus { Name = "rate", Scope = "key", Period = new Duration { Seconds = 1 } } },
            RetryAfter = new Duration { Seconds = 1 },
            Metadata = new Struct { Fields = { ["m"] = Value.ForString("v") } },
        };
        _ = VerdictMapping.ToVerdict(AuthorizeResponse.Parser.ParseFrom(response.ToByteArray()));
    }
}
