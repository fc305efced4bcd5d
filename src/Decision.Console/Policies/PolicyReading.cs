using System.Buffers;
using System.Text;
using System.Text.Json;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Policies;
using Decision.Runtime.Administration;

namespace Decision.Console.Policies;

/// <summary>What a written policy is, and everything that is wrong with it.</summary>
/// <param name="Policy">The policy; null = it cannot be read, or has an error.</param>
/// <param name="Findings">Everything that is wrong, or probably not meant.</param>
public sealed record PolicyReading(Policy? Policy, IReadOnlyList<Finding> Findings)
{
    /// <summary>Whether it can be stored.</summary>
    public bool IsSound => Policy is not null;

    /// <summary>Reads a policy's JSON.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="id">The id of the policy that it is to be; null = that which it names.</param>
    /// <param name="policies">Checks it.</param>
    public static PolicyReading Of(string json, string? id, PolicyAdministration policies)
    {
        ArgumentNullException.ThrowIfNull(policies);
        var findings = new FindingList();
        using var document = JsonSource.Parse(Encoding.UTF8.GetBytes(json), "policy", findings);
        if (document is null)
        {
            return new PolicyReading(null, findings);
        }

        var policy = PolicyJson.Read(document.RootElement, id, findings);
        if (policy is not null)
        {
            findings.AddRange(policies.Validate(policy));
        }

        return new PolicyReading(findings.HasErrors ? null : policy, findings);
    }

    /// <summary>A policy's JSON, as files have it.</summary>
    public static byte[] Write(Policy policy)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            PolicyJson.Write(writer, policy);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What is said of a field or of what is inside of it.</summary>
    public IEnumerable<Finding> Of(string field) =>
        Findings.Where(finding => finding.Field == field || finding.Field.StartsWith(field + ".", StringComparison.Ordinal)
            || finding.Field.StartsWith(field + "[", StringComparison.Ordinal));
}
