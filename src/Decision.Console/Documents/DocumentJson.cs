using System.Buffers;
using System.Text;
using System.Text.Json;
using Decision.Engine.Apis;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Organizations;
using Decision.Engine.Policies;
using Decision.Runtime.Administration;

namespace Decision.Console.Documents;

/// <summary>Reads and writes APIs, organisations and policies, as files have them.</summary>
public static class DocumentJson
{
    /// <summary>Reads an API.</summary>
    /// <param name="json">Its JSON.</param>
    /// <param name="id">The id of the one that it is to be; null = that which it names.</param>
    public static DocumentReading<Api> ReadApi(string json, string? id) => Read(json, "API", (root, findings) => ApiJson.ReadChecked(root, id, findings));

    /// <summary>Reads an organisation.</summary>
    /// <param name="json">Its JSON.</param>
    /// <param name="id">The id of the one that it is to be; null = that which it names.</param>
    public static DocumentReading<Organization> ReadOrganization(string json, string? id) =>
        Read(json, "organisation", (root, findings) => OrganizationJson.ReadChecked(root, id, findings));

    /// <summary>Reads a policy.</summary>
    /// <param name="json">Its JSON.</param>
    /// <param name="id">The id of the one that it is to be; null = that which it names.</param>
    /// <param name="policies">Checks it.</param>
    public static DocumentReading<Policy> ReadPolicy(string json, string? id, PolicyAdministration policies)
    {
        ArgumentNullException.ThrowIfNull(policies);
        return Read(json, "policy", (root, findings) =>
        {
            var policy = PolicyJson.Read(root, id, findings);
            if (policy is not null)
            {
                findings.AddRange(policies.Validate(policy));
            }

            return policy;
        });
    }

    /// <summary>An API's JSON.</summary>
    public static byte[] Write(Api api) => Write(writer => ApiJson.Write(writer, api));

    /// <summary>An organisation's JSON.</summary>
    public static byte[] Write(Organization organization) => Write(writer => OrganizationJson.Write(writer, organization));

    /// <summary>A policy's JSON.</summary>
    public static byte[] Write(Policy policy) => Write(writer => PolicyJson.Write(writer, policy));

    private static DocumentReading<T> Read<T>(string json, string noun, Func<JsonElement, FindingList, T?> read)
        where T : class
    {
        var findings = new FindingList();
        using var document = JsonSource.Parse(Encoding.UTF8.GetBytes(json), noun, findings);
        var value = document is null ? null : read(document.RootElement, findings);
        return new DocumentReading<T>(findings.HasErrors ? null : value, findings);
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
