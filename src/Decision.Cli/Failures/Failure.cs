using System.Net.Sockets;
using System.Security.Authentication;
using Decision.Cli.Records;
using Google.Rpc;
using Grpc.Core;

namespace Decision.Cli.Failures;

/// <summary>Why a command did not do what was asked. The one place that knows gRPC's codes.</summary>
/// <param name="ExitCode">What to end with.</param>
/// <param name="Reason">For programs: <c>NOT_FOUND</c>, <c>INVALID_ARGUMENT</c>, <c>UNAVAILABLE</c>, <c>WRONG_USE</c>.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Violations">Fields that are wrong, all of them; where there are any, they say more than the message.</param>
/// <param name="Hint">What to try; null = nothing.</param>
internal sealed record Failure(ExitCode ExitCode, string Reason, string Message, IReadOnlyList<Violation> Violations, string? Hint)
{
    // RFC 9113, 7: the endpoint requires HTTP/1.1.
    private const long Http11Required = 0xd;

    /// <summary>What an exception means; null = a defect of the tool, which must not be hidden.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="address">The service that was asked; null = none.</param>
    /// <param name="cancellation">Whether the run was interrupted.</param>
    public static Failure? Of(Exception exception, Uri? address, CancellationToken cancellation) => exception switch
    {
        CommandException own => new Failure(own.ExitCode, NameOf(own.ExitCode), own.Message, [], null),
        RecordFileException file => new Failure(ExitCode.Refused, "INVALID_FILE", file.Message, file.Violations, null),
        OperationCanceledException when cancellation.IsCancellationRequested => Interrupted,
        RpcException { StatusCode: StatusCode.Cancelled } when cancellation.IsCancellationRequested => Interrupted,
        RpcException call => OfCall(call, address),
        _ => null,
    };

    private static Failure Interrupted { get; } = new(ExitCode.Interrupted, "INTERRUPTED", "Interrupted.", [], null);

    private static Failure OfCall(RpcException call, Uri? address)
    {
        var status = call.GetRpcStatus();
        var violations = status?.GetDetail<BadRequest>()?.FieldViolations.Select(one => new Violation(one.Field, one.Description)).ToList();
        if (Unreached(call) is { } cause)
        {
            return new Failure(ExitCode.ServiceFailed, NameOf(StatusCode.Unavailable), $"The service at {address} cannot be reached: {Innermost(cause).Message}", [], WayHint(cause, address));
        }

        string reason = status?.GetDetail<ErrorInfo>()?.Reason is { Length: > 0 } told ? told : NameOf(call.StatusCode);
        var (code, hint) = Meaning(call.StatusCode);
        return new Failure(code, reason, Sentence(call, address), violations ?? [], hint);
    }

    // The client library's own: a connection that could not be made or broke. Where TLS is the reason, it calls that INTERNAL.
    private static Exception? Unreached(RpcException call) => call.StatusCode switch
    {
        StatusCode.Unavailable => call.Status.DebugException,
        StatusCode.Internal when call.Status.DebugException is HttpRequestException or IOException => call.Status.DebugException,
        _ => null,
    };

    private static string WayHint(Exception cause, Uri? address) => cause switch
    {
        _ when Causes(cause).Any(static one => one is HttpProtocolException { ErrorCode: Http11Required }) =>
            "That is an address for HTTP/1.1: name the one for gRPC (Server:Grpc) with --address or DECISION_ADDRESS.",
        _ when address?.Scheme == Uri.UriSchemeHttp && Causes(cause).Any(IsCut) =>
            "It ended the connection, as an address for HTTP/1.1 does: name the one for gRPC (Server:Grpc) with --address or DECISION_ADDRESS; where it has TLS, write https://.",
        _ when Causes(cause).Any(static one => one is AuthenticationException) =>
            "Name the certificates to trust with --ca-file, and write the host as the service's certificate names it; where it has no TLS, write http://.",
        _ when address?.Scheme == Uri.UriSchemeHttps =>
            "Is it running there, with TLS? Where it asks for a client's certificate, name one with --cert-file and --cert-key-file.",
        _ => "Is it running there? Name another address with --address or DECISION_ADDRESS; where it has TLS, write https://.",
    };

    // Who listens does not speak gRPC and may be gone before its answer is read.
    private static bool IsCut(Exception one) =>
        one is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown } or HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded };

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (Exception? one = exception; one is not null; one = one.InnerException)
        {
            yield return one;
        }
    }

    private static string Sentence(RpcException call, Uri? address) => call.StatusCode switch
    {
        StatusCode.DeadlineExceeded => $"The service at {address} did not answer in time.",
        _ when call.Status.Detail.Length == 0 => $"The service answered {NameOf(call.StatusCode)}.",
        _ => call.Status.Detail,
    };

    private static (ExitCode Code, string? Hint) Meaning(StatusCode code) => code switch
    {
        StatusCode.Unauthenticated => (ExitCode.Refused, "Put the admin secret into DECISION_ADMIN_SECRET, or name its file with --secret-file: admin-secret in the server's data folder, unless another one was set. For authorize and bench a caller's token into DECISION_TOKEN, or --token-file."),
        StatusCode.Aborted => (ExitCode.Refused, "It was changed since it was read: read it again, then change it."),
        StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.AlreadyExists or StatusCode.FailedPrecondition
            or StatusCode.PermissionDenied or StatusCode.ResourceExhausted or StatusCode.OutOfRange => (ExitCode.Refused, null),
        StatusCode.DeadlineExceeded => (ExitCode.ServiceFailed, "Give it longer with --timeout."),
        StatusCode.Unimplemented => (ExitCode.ServiceFailed, "The address is not that of a Decision service, or of an older one."),
        _ => (ExitCode.ServiceFailed, null),
    };

    // What .NET wraps says nothing but to look inside.
    private static Exception Innermost(Exception exception) => Causes(exception).Last();

    private static string NameOf(ExitCode code) => code switch
    {
        ExitCode.WrongUse => "WRONG_USE",
        ExitCode.ServiceFailed => "UNAVAILABLE",
        _ => "REFUSED",
    };

    // DeadlineExceeded -> DEADLINE_EXCEEDED, as in google.rpc.Code.
    private static string NameOf(StatusCode code) =>
        string.Concat(code.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? "_" + c : char.ToUpperInvariant(c).ToString()));
}
