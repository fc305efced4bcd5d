using Decision.Cli.Failures;
using Grpc.Core;

namespace Decision.Cli.Import.Writing;

/// <summary>What the service refused, and goes on serving after.</summary>
internal static class Refusal
{
    /// <summary>Why; null = it is no refusal of this record: the service fails, or lets this caller do nothing at all.</summary>
    public static string? Of(RpcException refused, Session session)
    {
        if (refused.StatusCode == StatusCode.Unauthenticated
            || Failure.Of(refused, session.Address, session.Cancellation) is not { ExitCode: ExitCode.Refused } failure)
        {
            return null;
        }

        return failure.Violations.Count == 0
            ? failure.Message
            : string.Join(' ', failure.Violations.Select(static one => one.Field.Length > 0 ? $"{one.Field}: {one.Message}" : one.Message));
    }
}
