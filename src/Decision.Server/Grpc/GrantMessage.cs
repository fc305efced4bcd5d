using System.Runtime.CompilerServices;
using System.Text.Json;
using Decision.Contracts.V1;
using Decision.Engine.Grants;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;

namespace Decision.Server.Grpc;

/// <summary>
/// What every answer about a key says, made once for each grant. The messages are shared by answers and never changed: they are only
/// written to the wire.
/// </summary>
internal sealed class GrantMessage
{
    // Keyed by the grant itself: when the grant goes, so does this.
    private static readonly ConditionalWeakTable<Grant, GrantMessage> Known = [];

    private readonly Grant _grant;
    private byte[]? _identity;
    private byte[]? _writtenMetadata;
    private byte[]? _writtenMissingPolicies;

    private GrantMessage(Grant grant)
    {
        _grant = grant;
        var merged = grant.Merged;
        foreach (var entry in merged.Policies)
        {
            Policies.Add(new PolicyReference { Id = entry.Policy.Id, Revision = entry.Revision });
        }

        foreach (var missing in merged.MissingPolicies)
        {
            MissingPolicies.Add(missing.PolicyId);
        }

        Tags.AddRange(merged.Tags);
        if (merged.Metadata.Count > 0)
        {
            Metadata = new Struct();
            foreach (var (name, value) in merged.Metadata)
            {
                Metadata.Fields[name] = ToValue(value);
            }
        }
    }

    public RepeatedField<PolicyReference> Policies { get; } = [];

    public RepeatedField<string> MissingPolicies { get; } = [];

    public RepeatedField<string> Tags { get; } = [];

    /// <summary>Null = the key has none.</summary>
    public Struct? Metadata { get; }

    /// <summary>Organisation, alias, tags and policies, as fields of an answer.</summary>
    public ReadOnlySpan<byte> Identity => _identity ??= new AuthorizeResponse
    {
        OrganizationId = _grant.OrganizationId,
        Alias = _grant.Merged.Key.Alias,
        Tags = { Tags },
        Policies = { Policies },
    }.ToByteArray();

    /// <summary>The same of the metadata.</summary>
    public ReadOnlySpan<byte> WrittenMetadata => _writtenMetadata ??= new AuthorizeResponse { Metadata = Metadata }.ToByteArray();

    /// <summary>The same of the policies that there are not.</summary>
    public ReadOnlySpan<byte> WrittenMissingPolicies =>
        _writtenMissingPolicies ??= new AuthorizeResponse { MissingPolicies = { MissingPolicies } }.ToByteArray();

    public static GrantMessage Of(Grant grant) => Known.TryGetValue(grant, out var known) ? known : Known.GetValue(grant, made => new GrantMessage(made));

    private static Value ToValue(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                return Value.ForString(json.GetString()!);
            case JsonValueKind.Number:
                return Value.ForNumber(json.GetDouble());
            case JsonValueKind.True or JsonValueKind.False:
                return Value.ForBool(json.GetBoolean());
            case JsonValueKind.Array:
                var list = new ListValue();
                foreach (var item in json.EnumerateArray())
                {
                    list.Values.Add(ToValue(item));
                }

                return new Value { ListValue = list };
            case JsonValueKind.Object:
                var members = new Struct();
                foreach (var member in json.EnumerateObject())
                {
                    members.Fields[member.Name] = ToValue(member.Value);
                }

                return Value.ForStruct(members);
            default:
                return Value.ForNull();
        }
    }
}
