using Decision.Engine.Apis;
using Decision.Engine.Json;
using Decision.Engine.Policies;
using Decision.Runtime.Administration;
using V1 = Decision.Contracts.Admin.V1;

namespace Decision.Server.Grpc.Admin;

/// <summary>APIs of the registry on the wire and in the engine.</summary>
internal static class ApiMapping
{
    /// <summary>The API as sent; <c>etag</c>, <c>revision</c> and <c>source</c> are answers and not read.</summary>
    public static Api ToModel(V1.Api message, FieldFindings findings) => new()
    {
        Id = message.ApiId,
        Name = message.Name,
        OrganizationId = message.OrganizationId,
        ListenPath = message.ListenPath,
        Hosts = [.. message.Hosts],
        Versions = [.. message.Versions],
        DefaultVersion = message.DefaultVersion,
        Auth = new ApiCredentialSource(
            message.Auth?.Header ?? "", message.Auth?.QueryParameter ?? "", message.Auth?.Cookie ?? ""),
        Public =
            [
                .. message.Public.Select((path, index) => new AllowedUrl(path.Pattern, [.. path.Methods])
                {
                    ExtraFields = ExtraFieldsMapping.OfEntry(path.ExtraFields, $"public[{index}]", findings, "", "pattern", "url", "methods"),
                }),
            ],
        Rate = SettingsMapping.ToRate(message.Rate, message.Per, message.RateAlgorithm, message.Burst, "", findings),
        ExtraFields = ExtraFieldsMapping.OfApi(message.ExtraFields, findings),
    };

    /// <summary>The API with what is known of how it is stored.</summary>
    public static V1.Api ToMessage(Stored<Api> stored)
    {
        var message = ToMessage(stored.Value);
        message.Etag = stored.Etag;
        message.Revision = stored.Revision;
        message.Source = stored.Source;
        return message;
    }

    public static V1.Api ToMessage(Api api)
    {
        var message = new V1.Api
        {
            ApiId = api.Id,
            Name = api.Name,
            OrganizationId = api.OrganizationId,
            ListenPath = api.ListenPath,
            DefaultVersion = api.DefaultVersion,
            Auth = ToMessage(api.Auth),
            Rate = api.Rate.Rate,
            Per = api.Rate.Per,
            RateAlgorithm = SettingNames.RateAlgorithm.Format(api.Rate.Algorithm),
            Burst = api.Rate.Burst,
            ExtraFields = StructMapping.ToStruct(api.ExtraFields),
        };
        message.Hosts.AddRange(api.Hosts);
        message.Versions.AddRange(api.Versions);
        message.Public.AddRange(api.Public.Select(ToMessage));
        return message;
    }

    private static V1.ApiAuthentication? ToMessage(ApiCredentialSource auth) =>
        auth.Header.Length + auth.QueryParameter.Length + auth.Cookie.Length == 0
            ? null
            : new V1.ApiAuthentication { Header = auth.Header, QueryParameter = auth.QueryParameter, Cookie = auth.Cookie };

    private static V1.PublicPath ToMessage(AllowedUrl url)
    {
        var message = new V1.PublicPath { Pattern = url.Url, ExtraFields = StructMapping.ToStruct(url.ExtraFields) };
        message.Methods.AddRange(url.Methods);
        return message;
    }
}
