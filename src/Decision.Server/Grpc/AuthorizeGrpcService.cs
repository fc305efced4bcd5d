using Decision.Contracts.V1;
using Decision.Runtime.Decisions;
using Decision.Server.Callers;
using Decision.Server.Grpc.Wire;
using Decision.Server.Hosting;
using Grpc.Core;

namespace Decision.Server.Grpc;

/// <summary>The hot path over gRPC: who asks, shape check, map in, decide, map out.</summary>
internal sealed class AuthorizeGrpcService(
    DecisionRuntime runtime, CallerAccess access, AtOnce atOnce, VerdictWriter verdicts, ExplainMapping explanations, ServerLife life)
    : BareAuthorize.ServiceBase
{
    private readonly VerdictReader<byte[]> _write = verdicts.Write;

    /// <summary>Decides one request, whichever way its message came.</summary>
    public ValueTask<byte[]> AuthorizeAsync(AuthorizeRequest request, HttpContext http, CancellationToken cancellation)
    {
        var caller = CallerOf(http);
        RequestShape.Require(request);
        RequireScope(caller, request);
        return runtime.DecideAsync(RequestMapping.ToCall(request, caller.Organizations), _write, cancellation);
    }

    public override async Task<WrittenAnswer> Authorize(AuthorizeRequest request, ServerCallContext context) =>
        new(await AuthorizeAsync(request, context.GetHttpContext(), context.CancellationToken));

    public override Task<WrittenAnswers> AuthorizeBatch(AuthorizeBatchRequest request, ServerCallContext context)
    {
        var caller = CallerOf(context.GetHttpContext());
        RequestShape.Require(request);
        foreach (var one in request.Requests)
        {
            RequireScope(caller, one);
        }

        return new BatchAnswers(runtime, atOnce, _write, context.CancellationToken).DecideAsync(request.Requests, caller.Organizations);
    }

    public override async Task AuthorizeStream(
        IAsyncStreamReader<AuthorizeStreamRequest> requestStream,
        IServerStreamWriter<WrittenAnswer> responseStream,
        ServerCallContext context)
    {
        // Who asks is looked at for each message: a token that was taken back counts no more, however old the stream is.
        CallerOf(context.GetHttpContext());
        using var answers = new StreamAnswers(runtime, atOnce, responseStream, context.GetHttpContext().Response.BodyWriter, verdicts, context.CancellationToken);
        try
        {
            while (await NextAsync(requestStream, answers))
            {
                var caller = CallerOf(context.GetHttpContext());
                var request = requestStream.Current.Request;
                RequestShape.RequireInner(request);
                RequireScope(caller, request);
                await answers.DecideAsync(RequestMapping.ToCall(request, caller.Organizations), request.RequestId);
            }
        }
        finally
        {
            // What is being decided may have been spent: it is told before the stream ends, however it does.
            await answers.EndAsync();
        }

        answers.ThrowIfFailed();
    }

    public override async Task<ExplainResponse> Explain(ExplainRequest request, ServerCallContext context)
    {
        RequestShape.Require(request);
        var explanation = await runtime.ExplainAsync(RequestMapping.ToCall(request.Request, null), request.KeyId, context.CancellationToken);
        explanation.RequireScope();
        return explanations.ToResponse(explanation, request.Request);
    }

    private Caller CallerOf(HttpContext http) =>
        access.IsOpen ? Caller.Anyone
        : access.Identify(http, isProxied: false, out var caller) is { } problem
            ? throw new RpcException(new Status(StatusCode.Unauthenticated, problem))
        : caller;

    private void RequireScope(Caller caller, AuthorizeRequest request)
    {
        if (caller.IsScoped && access.Problem(caller, request) is { } problem)
        {
            throw new RpcException(new Status(StatusCode.PermissionDenied, problem));
        }
    }

    private async ValueTask<bool> NextAsync(IAsyncStreamReader<AuthorizeStreamRequest> requests, StreamAnswers answers)
    {
        var next = requests.MoveNext();
        if (!next.IsCompleted)
        {
            await answers.SendAsync();
        }

        if (!next.IsCompleted && await Task.WhenAny(next, life.Draining, answers.Failed) is var first && first != next)
        {
            return first == answers.Failed
                ? false
                : throw new RpcException(new Status(StatusCode.Unavailable, "The server is stopping: open a new stream, to another replica or a little later."));
        }

        return !answers.Failed.IsCompleted && await next;
    }
}
