using Decision.Engine.Signatures;

namespace Decision.Engine.Steps;

/// <summary>An HMAC signature over the request, where the key or a policy demands one.</summary>
internal static class SignatureStep
{
    public static Reason Check(ref DecisionContext context)
    {
        var grant = context.Grant!;
        if (!grant.Merged.RequiresSignature)
        {
            context.Sentence = "The key demands no signature.";
            return Reason.Allowed;
        }

        string? problem = "The request has no Authorization header with a signature.";
        if ((context.Request.Authorization ?? Authorization(context.Request.Headers)) is { } authorization
            && HttpSignature.TryParse(authorization, out var parameters, out problem)
            && HttpSignature.Verify(
                parameters,
                grant.Merged.Key.HmacString,
                context.Request.Method,
                context.Request.Path ?? "/",
                context.Request.Headers ?? [],
                context.NowUs,
                context.Rules.Options.SignatureClockSkewUs,
                out problem))
        {
            context.Sentence = "The signature is valid.";
            return Reason.Allowed;
        }

        context.Sentence = problem ?? "The signature is not valid.";
        return context.Deny(Reason.SignatureInvalid, "key");
    }

    private static string? Authorization(IReadOnlyList<SignedHeader>? headers)
    {
        for (int index = 0; index < (headers?.Count ?? 0); index++)
        {
            if (headers![index].Name.Equals("authorization", StringComparison.OrdinalIgnoreCase))
            {
                return headers[index].Value;
            }
        }

        return null;
    }
}
