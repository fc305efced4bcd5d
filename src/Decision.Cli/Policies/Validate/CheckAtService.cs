using System.Text;
using System.Text.Json;
using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Policies.Validate;

/// <summary>By the service, with its settings and its APIs.</summary>
internal sealed class CheckAtService(Session session) : IPolicyCheck
{
    public async Task<IReadOnlyList<Finding>> FindAsync(IReadOnlyList<IdentifiedPolicy> policies) => policies.Count == 0
        ? []
        : (await session.Policies.ValidatePolicyAsync(new ValidatePolicyRequest { Document = DocumentOf(policies) })).Findings;

    // As it is written: what is there twice, or is no policy, is for the service to tell.
    private static string DocumentOf(IReadOnlyList<IdentifiedPolicy> policies)
    {
        var text = new StringBuilder("{");
        foreach (var policy in policies)
        {
            text.Append(text.Length > 1 ? "," : "").Append('"').Append(JsonEncodedText.Encode(policy.Id)).Append("\":").Append(policy.Json.GetRawText());
        }

        return text.Append('}').ToString();
    }
}
