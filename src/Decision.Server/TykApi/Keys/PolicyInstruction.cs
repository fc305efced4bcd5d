using System.Collections.Immutable;
using System.Text.Json;
using Decision.Engine.Findings;
using Decision.Server.TykApi.Answers;

namespace Decision.Server.TykApi.Keys;

/// <summary>The body of <c>/tyk/keys/policy/{hash}</c>: which policies a key shall have from now on.</summary>
internal static class PolicyInstruction
{
    private const string Subject = "instruction";

    /// <summary>The policies, in order: those of <c>apply_policies</c>, then that of <c>policy</c>.</summary>
    /// <exception cref="MalformedBodyException">It is something else.</exception>
    public static async Task<ImmutableArray<string>> ReadAsync(TykRequest request)
    {
        using var json = await request.ReadJsonAsync();
        var findings = new FindingList();
        try
        {
            return Read(json.RootElement, findings);
        }
        catch (InvalidOperationException)
        {
            findings.Error(Subject, "", "has a text that is not valid Unicode: a surrogate stands alone.");
            throw new MalformedBodyException(findings);
        }
    }

    private static ImmutableArray<string> Read(JsonElement json, FindingList findings)
    {
        List<string>? policies = null;
        string? last = null;
        if (json.ValueKind != JsonValueKind.Object)
        {
            findings.Error(Subject, "", """expected an object such as {"policy": "gold"} or {"apply_policies": ["gold"]}.""");
            throw new MalformedBodyException(findings);
        }

        foreach (var field in json.EnumerateObject())
        {
            bool isAgain = false;
            switch (field.Name.ToLowerInvariant())
            {
                case "policy":
                    isAgain = last is not null;
                    last = Text(field.Value, "policy", findings);
                    break;
                case "apply_policies":
                    isAgain = policies is not null;
                    policies = Texts(field.Value, findings);
                    break;
                default:
                    findings.Error(Subject, field.Name, "is not known: write policy or apply_policies.");
                    break;
            }

            if (isAgain)
            {
                findings.Error(Subject, field.Name, "is there twice: remove one.");
            }
        }

        if (policies is null && string.IsNullOrEmpty(last) && !findings.HasErrors)
        {
            findings.Error(Subject, "", """names no policy: write {"policy": "gold"} or {"apply_policies": ["gold"]}.""");
        }

        return findings.HasErrors
            ? throw new MalformedBodyException(findings)
            : [.. (policies ?? []).Concat(string.IsNullOrEmpty(last) ? [] : [last]).Distinct(StringComparer.Ordinal)];
    }

    private static string Text(JsonElement value, string field, FindingList findings)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString()!;
        }

        findings.Error(Subject, field, "expected a policy's id as a string.");
        return "";
    }

    private static List<string> Texts(JsonElement value, FindingList findings)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            return [.. value.EnumerateArray().Select((item, index) => Text(item, $"apply_policies[{index}]", findings))];
        }

        findings.Error(Subject, "apply_policies", "expected an array of policy ids.");
        return [];
    }
}
