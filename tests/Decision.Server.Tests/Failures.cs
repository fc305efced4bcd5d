using Google.Rpc;
using Grpc.Core;

namespace Decision.Server.Tests;

/// <summary>Reads what a failed call says.</summary>
internal static class Failures
{
    public static async Task<RpcException> OfAsync(Func<Task> call, StatusCode expected)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(expected, exception.StatusCode);
        Assert.DoesNotContain("   at ", exception.Status.Detail, StringComparison.Ordinal);
        return exception;
    }

    /// <summary>The fields that an INVALID_ARGUMENT names, in order.</summary>
    public static async Task<string[]> FieldsOfAsync(Func<Task> call)
    {
        var exception = await OfAsync(call, StatusCode.InvalidArgument);
        var violations = exception.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations;
        Assert.All(violations, violation => Assert.NotEmpty(violation.Description));
        return [.. violations.Select(violation => violation.Field)];
    }
}
