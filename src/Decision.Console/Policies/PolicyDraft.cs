using System.Text.Json.Nodes;
using Decision.Console.Documents;

namespace Decision.Console.Policies;

/// <summary>A policy while somebody writes it, with the APIs that it reaches.</summary>
public sealed class PolicyDraft : DocumentDraft
{
    private const string Rights = "access_rights";

    private PolicyDraft(JsonObject root)
        : base(root)
    {
    }

    /// <summary>One that says nothing yet.</summary>
    public static PolicyDraft Empty() => new(new JsonObject
    {
        ["id"] = "",
        ["name"] = "",
        ["org_id"] = "",
        ["rate"] = 0,
        ["per"] = 1,
        ["quota_max"] = 0,
        ["quota_renewal_rate"] = 0,
        [Rights] = new JsonObject(),
    });

    /// <summary>A stored policy.</summary>
    public static new PolicyDraft Of(ReadOnlySpan<byte> json) => new(Parse(json));

    /// <summary>Where something of an API's right stands.</summary>
    public static string In(string apiId, string field) => $"{Rights}/{Part(apiId)}/{field}";

    /// <summary>Sets a text; an empty one removes the field, but for those that every policy has.</summary>
    public override void SetText(string path, string? text)
    {
        if (path is "id" or "name" or "org_id")
        {
            Set(path, JsonValue.Create(text ?? ""));
            return;
        }

        base.SetText(path, text);
    }

    /// <summary>The APIs that it reaches.</summary>
    public IReadOnlyList<string> ApiIds => Find(Rights) is JsonObject rights ? [.. rights.Select(right => right.Key)] : [];

    /// <summary>Adds an API, with every version and path.</summary>
    public void AddApi(string apiId)
    {
        if (!ApiIds.Contains(apiId))
        {
            Set($"{Rights}/{Part(apiId)}", new JsonObject { ["api_id"] = apiId });
        }
    }

    /// <summary>Removes an API.</summary>
    public void RemoveApi(string apiId) => Set($"{Rights}/{Part(apiId)}", null);
}
