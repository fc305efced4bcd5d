using Decision.Engine;

namespace Decision.Runtime.Decisions;

/// <summary>One question to the runtime, as an adapter puts it.</summary>
public readonly record struct DecisionCall
{
    /// <summary>What is asked.</summary>
    public required AccessRequest Request { get; init; }

    /// <summary>The key as the client presented it: bare, after <c>Bearer </c>, or a <c>Signature ...</c>; empty = none.</summary>
    public string ApiKey { get; init; }

    /// <summary>What the client shows to prove who it is: the key, else its header <c>Authorization</c>; empty = nothing.</summary>
    internal string Presented
    {
        get
        {
            if (!string.IsNullOrEmpty(ApiKey))
            {
                return ApiKey;
            }

            var headers = Request.Headers;
            for (int index = 0; index < (headers?.Count ?? 0); index++)
            {
                if (headers![index].Name.Equals("authorization", StringComparison.OrdinalIgnoreCase))
                {
                    return headers[index].Value;
                }
            }

            return "";
        }
    }

    /// <summary>Decide, but spend nothing.</summary>
    public bool IsPeek { get; init; }

    /// <summary>Decide by the key and its rights alone: no limit is looked at, nothing is spent.</summary>
    public bool IsAccessOnly { get; init; }

    /// <summary>Names the call: the same name within 60 seconds gets the first answer without spending again; null or empty = none.</summary>
    public string? IdempotencyKey { get; init; }
}
