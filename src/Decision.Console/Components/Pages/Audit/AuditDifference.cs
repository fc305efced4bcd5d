using System.Text;
using System.Text.Json;
using Decision.Runtime.Administration;
using Decision.Runtime.Audit;

namespace Decision.Console.Components.Pages.Audit;

/// <summary>What an act changed, field by field.</summary>
public static class AuditDifference
{
    private static readonly byte[] Nothing = "{}"u8.ToArray();

    /// <summary>The fields that differ between before and after.</summary>
    public static IReadOnlyList<FieldChange> Of(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return FieldChange.Between(Document(entry.BeforeJson), Document(entry.AfterJson));
    }

    // What an entry tells is an object; of what is not, the whole is one value.
    private static byte[] Document(string json)
    {
        if (json.Length == 0)
        {
            return Nothing;
        }

        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? Encoding.UTF8.GetBytes(json)
            : Encoding.UTF8.GetBytes($$"""{"value":{{json}}}""");
    }
}
