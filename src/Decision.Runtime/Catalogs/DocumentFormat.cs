using System.Buffers;
using System.Text.Json;
using Decision.Engine.Apis;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Organizations;
using Decision.Engine.Policies;

namespace Decision.Runtime.Catalogs;

/// <summary>Policies, APIs and organisations as the JSON that is stored: the same as in a file.</summary>
internal static class DocumentFormat
{
    public static byte[] Write(Policy policy) => Write(writer => PolicyJson.Write(writer, policy));

    public static byte[] Write(Api api) => Write(writer => ApiJson.Write(writer, api));

    public static byte[] Write(Organization organization) => Write(writer => OrganizationJson.Write(writer, organization));

    public static Policy? ReadPolicy(string id, ReadOnlyMemory<byte> json, FindingList findings) =>
        Read(json, "store", findings, element => PolicyJson.Read(element, id, findings, "store: "));

    public static Api? ReadApi(string id, ReadOnlyMemory<byte> json, FindingList findings) =>
        Read(json, "store", findings, element => ApiJson.Read(element, id, findings, "store: "));

    public static Organization? ReadOrganization(string id, ReadOnlyMemory<byte> json, FindingList findings) =>
        Read(json, "store", findings, element => OrganizationJson.Read(element, id, findings, "store: "));

    private static T? Read<T>(ReadOnlyMemory<byte> json, string subject, FindingList findings, Func<JsonElement, T?> read)
        where T : class
    {
        using var document = JsonSource.Parse(json, subject, findings);
        return document is null ? null : read(document.RootElement);
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
