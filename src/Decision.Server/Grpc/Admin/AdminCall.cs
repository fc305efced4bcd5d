using Decision.Engine.Findings;
using Decision.Runtime.Administration;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace Decision.Server.Grpc.Admin;

/// <summary>Runs an admin call, and says its refusals as statuses. Other failures are the host's to translate.</summary>
internal static class AdminCall
{
    private const string Domain = "decision";

    // All details travel in one trailer; widespread clients refuse a call whose trailers exceed 8 KiB, and the text grows by a third there.
    private const int MostDetailBytes = 4_800;

    /// <summary>Runs it.</summary>
    /// <param name="resource">The request's field that holds the resource, such as <c>policy</c>; findings about the resource are inside of it.</param>
    /// <param name="call">The call.</param>
    public static async Task<T> RunAsync<T>(string resource, Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (AdministrationException refusal)
        {
            throw ToStatus(refusal, resource);
        }
    }

    internal static RpcException ToStatus(AdministrationException refusal, string resource) => refusal.Error switch
    {
        // What stands in a key's place may be a client's key: it never comes back.
        AdministrationError.NotFound when resource == "key" => Of(
            Code.NotFound, "NOT_FOUND", "There is no key with this id; ids have 16 letters and digits, and are not the key itself."),
        AdministrationError.NotFound => Of(Code.NotFound, "NOT_FOUND", refusal.Message),
        AdministrationError.AlreadyExists => Of(Code.AlreadyExists, "ALREADY_EXISTS", refusal.Message),
        AdministrationError.Conflict => Of(Code.Aborted, "ETAG_MISMATCH", refusal.Message),
        AdministrationError.FailedPrecondition => Of(Code.FailedPrecondition, "FAILED_PRECONDITION", refusal.Message),
        _ => Invalid(refusal.Findings, resource),
    };

    private static RpcException Invalid(IReadOnlyList<Finding> findings, string resource)
    {
        var errors = findings.Where(finding => finding.Severity == FindingSeverity.Error).ToArray();
        var request = new BadRequest();
        int room = MostDetailBytes;
        foreach (var error in errors)
        {
            var violation = new BadRequest.Types.FieldViolation { Field = PathOf(error, resource), Description = error.Message };
            room -= violation.CalculateSize();
            if (room < 0 && request.FieldViolations.Count > 0)
            {
                int rest = errors.Length - request.FieldViolations.Count;
                request.FieldViolations.Add(new BadRequest.Types.FieldViolation
                {
                    Field = resource, Description = $"has {rest} more errors, which do not fit into one answer: mend these first.",
                });
                break;
            }

            request.FieldViolations.Add(violation);
        }

        var first = request.FieldViolations[0];
        string more = errors.Length == 1 ? "" : $" (and {errors.Length - 1} more)";
        return Of(Code.InvalidArgument, "INVALID", Shorten($"{first.Field}: {first.Description}") + more, request);
    }

    private static string PathOf(Finding finding, string resource)
    {
        if (finding.Subject == "request" || finding.Field == "api_key")
        {
            return finding.Field;
        }

        string field = finding.Field switch
        {
            "_id" => "object_id",
            var written when resource == "api" && written.StartsWith("public[", StringComparison.Ordinal) && written.EndsWith("].url", StringComparison.Ordinal) =>
                $"{written[..^4]}.pattern",
            var written => written,
        };
        return FieldFindings.Join(resource, field).TrimEnd('.');
    }

    private static string Shorten(string text) => text.Length <= 600 ? text : text[..600] + "...";

    private static RpcException Of(Code code, string reason, string message, BadRequest? request = null)
    {
        var status = new Google.Rpc.Status { Code = (int)code, Message = message };
        if (request is not null)
        {
            status.Details.Add(Any.Pack(request));
        }

        status.Details.Add(Any.Pack(new ErrorInfo { Reason = reason, Domain = Domain }));
        return status.ToRpcException();
    }
}
