using System.Collections.Immutable;
using Decision.Engine.Json;
using Decision.Engine.Policies;
using Decision.Engine.Settings;
using Google.Protobuf.Collections;
using V1 = Decision.Contracts.Admin.V1;

namespace Decision.Server.Grpc.Admin;

/// <summary>Access rights of policies and keys.</summary>
internal static class AccessRightMapping
{
    private static readonly ImmutableSortedDictionary<string, AccessRight> None =
        ImmutableSortedDictionary<string, AccessRight>.Empty.WithComparers(StringComparer.Ordinal);

    public static ImmutableSortedDictionary<string, AccessRight> ToModel(MapField<string, V1.AccessRight> messages, FieldFindings findings)
    {
        var rights = None.ToBuilder();
        foreach (var (apiId, message) in messages)
        {
            rights[apiId] = ToModel(message, $"access_rights.{apiId}", findings);
        }

        return rights.ToImmutable();
    }

    public static void Add(MapField<string, V1.AccessRight> messages, ImmutableSortedDictionary<string, AccessRight> rights)
    {
        foreach (var (apiId, right) in rights)
        {
            messages[apiId] = ToMessage(right);
        }
    }

    private static AccessRight ToModel(V1.AccessRight message, string path, FieldFindings findings) => new()
    {
        ApiName = message.ApiName,
        ApiId = message.ApiId,
        Versions = [.. message.Versions],
        AllowedUrls =
        [
            .. message.AllowedUrls.Select((url, index) => new AllowedUrl(url.Url, [.. url.Methods])
            {
                ExtraFields = ExtraFieldsMapping.OfEntry(url.ExtraFields, $"{path}.allowed_urls[{index}]", findings, "", "url", "methods"),
            }),
        ],
        RestrictedTypes = ToModel(message.RestrictedTypes, $"{path}.restricted_types", findings),
        AllowedTypes = ToModel(message.AllowedTypes, $"{path}.allowed_types", findings),
        FieldAccessRights =
        [
            .. message.FieldAccessRights.Select((right, index) =>
                new FieldAccessRight(right.TypeName, right.FieldName, right.Limits?.MaxQueryDepth ?? 0)
                {
                    ExtraFields = ExtraFieldsMapping.OfEntry(
                        right.ExtraFields, $"{path}.field_access_rights[{index}]", findings, "limits", "type_name", "field_name"),
                }),
        ],
        DisableIntrospection = message.DisableIntrospection,
        Limit = SettingsMapping.ToBlock(message.Limit, $"{path}.limit", findings),
        Endpoints = [.. message.Endpoints.Select((endpoint, index) => ToModel(endpoint, $"{path}.endpoints[{index}]", findings))],
        ExtraFields = ExtraFieldsMapping.OfRight(message.ExtraFields, path, findings),
    };

    private static ImmutableArray<GraphType> ToModel(RepeatedField<V1.GraphqlType> messages, string path, FieldFindings findings) =>
    [
        .. messages.Select((type, index) => new GraphType(type.Name, [.. type.Fields])
        {
            ExtraFields = ExtraFieldsMapping.OfEntry(type.ExtraFields, $"{path}[{index}]", findings, "", "name", "fields"),
        }),
    ];

    private static EndpointRight ToModel(V1.EndpointLimits message, string path, FieldFindings findings) => new(
        message.Path,
        [
            .. message.Methods.Select((method, index) => new EndpointMethod(
                method.Name,
                method.Limit is { } limit
                    ? SettingsMapping.ToRate(
                        limit.Rate, limit.Per, limit.RateAlgorithm, limit.Burst, $"{path}.methods[{index}].limit", findings)
                    : default)
            {
                ExtraFields = ExtraFieldsMapping.OfEntry(method.ExtraFields, $"{path}.methods[{index}]", findings, "", "name"),
            }),
        ])
    {
        ExtraFields = ExtraFieldsMapping.OfEntry(message.ExtraFields, path, findings, "", "path", "methods"),
    };

    private static V1.AccessRight ToMessage(AccessRight right)
    {
        var message = new V1.AccessRight
        {
            ApiName = right.ApiName,
            ApiId = right.ApiId,
            DisableIntrospection = right.DisableIntrospection,
            Limit = SettingsMapping.ToMessage(right.Limit),
            AllowanceScope = right.AllowanceScope,
            ExtraFields = StructMapping.ToStruct(right.ExtraFields),
        };
        message.Versions.AddRange(right.Versions);
        message.AllowedUrls.AddRange(right.AllowedUrls.Select(ToMessage));
        message.RestrictedTypes.AddRange(right.RestrictedTypes.Select(ToMessage));
        message.AllowedTypes.AddRange(right.AllowedTypes.Select(ToMessage));
        message.FieldAccessRights.AddRange(right.FieldAccessRights.Select(ToMessage));
        message.Endpoints.AddRange(right.Endpoints.Select(ToMessage));
        return message;
    }

    private static V1.AllowedUrl ToMessage(AllowedUrl url)
    {
        var message = new V1.AllowedUrl { Url = url.Url, ExtraFields = StructMapping.ToStruct(url.ExtraFields) };
        message.Methods.AddRange(url.Methods);
        return message;
    }

    private static V1.GraphqlType ToMessage(GraphType type)
    {
        var message = new V1.GraphqlType { Name = type.Name, ExtraFields = StructMapping.ToStruct(type.ExtraFields) };
        message.Fields.AddRange(type.Fields);
        return message;
    }

    private static V1.FieldAccessRight ToMessage(FieldAccessRight right) => new()
    {
        TypeName = right.TypeName,
        FieldName = right.FieldName,
        Limits = right.MaxQueryDepth == 0 ? null : new V1.FieldLimits { MaxQueryDepth = right.MaxQueryDepth },
        ExtraFields = StructMapping.ToStruct(right.ExtraFields),
    };

    private static V1.EndpointLimits ToMessage(EndpointRight endpoint)
    {
        var message = new V1.EndpointLimits { Path = endpoint.Path, ExtraFields = StructMapping.ToStruct(endpoint.ExtraFields) };
        message.Methods.AddRange(endpoint.Methods.Select(method => new V1.EndpointMethod
        {
            Name = method.Name,
            Limit = method.Rate == default ? null : ToMessage(method.Rate),
            ExtraFields = StructMapping.ToStruct(method.ExtraFields),
        }));
        return message;
    }

    private static V1.EndpointLimit ToMessage(RateSettings rate) => new()
    {
        Rate = rate.Rate,
        Per = rate.Per,
        RateAlgorithm = SettingNames.RateAlgorithm.Format(rate.Algorithm),
        Burst = rate.Burst,
    };
}
