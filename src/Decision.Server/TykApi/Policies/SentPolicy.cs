using System.Text.Json;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Policies;
using Decision.Server.TykApi.Answers;

namespace Decision.Server.TykApi.Policies;

/// <summary>A policy that a caller sent.</summary>
/// <param name="Policy">What it says; its values are not checked yet.</param>
/// <param name="WrittenId">Its field <c>id</c>; empty = none.</param>
/// <param name="Findings">What was noticed while reading, such as an unknown field.</param>
internal sealed record SentPolicy(Policy Policy, string WrittenId, FindingList Findings)
{
    /// <summary>Reads the request's body. The id is <c>id</c>, else <c>_id</c>.</summary>
    /// <exception cref="MalformedBodyException">It is no JSON object, or a field has a wrong type.</exception>
    public static async Task<SentPolicy> ReadAsync(TykRequest request)
    {
        using var json = await request.ReadJsonAsync();
        var findings = new FindingList();
        if (PolicyJson.Read(json.RootElement, null, findings) is not { } policy)
        {
            // Once more, so that wrong values are told together with wrong types.
            var all = new FindingList();
            PolicyJson.ReadChecked(json.RootElement, null, all);
            throw new MalformedBodyException(all);
        }

        // The Dashboard writes an empty "id" beside the "_id" that counts.
        bool isById = json.RootElement.EnumerateObject().Any(
            field => string.Equals(field.Name, "id", StringComparison.OrdinalIgnoreCase) && field.Value.ValueKind == JsonValueKind.String && !field.Value.ValueEquals(""));
        return new SentPolicy(policy, isById ? policy.Id : "", findings);
    }
}
