using Decision.Cli.Failures;
using Grpc.Core;

namespace Decision.Cli.Tests.Failures;

/// <summary>What the service's failures mean for scripts.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData(StatusCode.InvalidArgument, (int)ExitCode.Refused, "INVALID_ARGUMENT")]
    [InlineData(StatusCode.NotFound, (int)ExitCode.Refused, "NOT_FOUND")]
    [InlineData(StatusCode.AlreadyExists, (int)ExitCode.Refused, "ALREADY_EXISTS")]
    [InlineData(StatusCode.FailedPrecondition, (int)ExitCode.Refused, "FAILED_PRECONDITION")]
    [InlineData(StatusCode.Aborted, (int)ExitCode.Refused, "ABORTED")]
    [InlineData(StatusCode.Unauthenticated, (int)ExitCode.Refused, "UNAUTHENTICATED")]
    [InlineData(StatusCode.PermissionDenied, (int)ExitCode.Refused, "PERMISSION_DENIED")]
    [InlineData(StatusCode.ResourceExhausted, (int)ExitCode.Refused, "RESOURCE_EXHAUSTED")]
    [InlineData(StatusCode.Unavailable, (int)ExitCode.ServiceFailed, "UNAVAILABLE")]
    [InlineData(StatusCode.DeadlineExceeded, (int)ExitCode.ServiceFailed, "DEADLINE_EXCEEDED")]
    [InlineData(StatusCode.Internal, (int)ExitCode.ServiceFailed, "INTERNAL")]
    [InlineData(StatusCode.Unimplemented, (int)ExitCode.ServiceFailed, "UNIMPLEMENTED")]
    [InlineData(StatusCode.Cancelled, (int)ExitCode.ServiceFailed, "CANCELLED")]
    public void Of_status_has_its_exit_code_and_name(StatusCode status, int expected, string reason)
    {
        var failure = Failure.Of(new RpcException(new Grpc.Core.Status(status, "detail")), new Uri("http://127.0.0.1:1"), CancellationToken.None)!;

        Assert.Equal((expected, reason), ((int)failure.ExitCode, failure.Reason));
    }

    [Fact]
    public void Of_interruption_is_interrupted_and_no_failure_of_the_service()
    {
        using var interrupted = new CancellationTokenSource();
        interrupted.Cancel();

        var failure = Failure.Of(new RpcException(new Grpc.Core.Status(StatusCode.Cancelled, "")), null, interrupted.Token)!;

        Assert.Equal(ExitCode.Interrupted, failure.ExitCode);
    }

    [Fact]
    public void Of_defect_is_not_hidden() => Assert.Null(Failure.Of(new InvalidOperationException("x"), null, CancellationToken.None));
}
