using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Decision.Client.Tests.Conformance;

/// <summary>Admin calls by name, with messages as proto JSON.</summary>
internal static class AdminCalls
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true).WithPreserveProtoFieldNames(true));

    public static async Task<JsonNode> CallAsync(DecisionAdminClient admin, string call, JsonNode? request)
    {
        string[] parts = call.Split('/');
        var (service, client) = parts[0] switch
        {
            "KeyService" => (Contracts.Admin.V1.KeyService.Descriptor, (object)admin.Keys),
            "PolicyAdminService" => (Contracts.Admin.V1.PolicyAdminService.Descriptor, admin.Policies),
            "ApiAdminService" => (Contracts.Admin.V1.ApiAdminService.Descriptor, admin.Apis),
            "OrganizationAdminService" => (Contracts.Admin.V1.OrganizationAdminService.Descriptor, admin.Organizations),
            _ => throw new InvalidOperationException($"{call} is no admin call"),
        };
        MethodDescriptor method = service.FindMethodByName(parts[1]);
        var message = JsonParser.Default.Parse(request?.ToJsonString() ?? "{}", method.InputType);
        var generated = client.GetType().GetMethod(parts[1] + "Async", [method.InputType.ClrType, typeof(CallOptions)])!;
        dynamic running = generated.Invoke(client, [message, default(CallOptions)])!;
        IMessage response = await running.ResponseAsync;
        return JsonNode.Parse(Formatter.Format(response))!;
    }
}
