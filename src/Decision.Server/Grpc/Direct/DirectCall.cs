using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using HttpResponse = Microsoft.AspNetCore.Http.HttpResponse;

namespace Decision.Server.Grpc.Direct;

/// <summary>
/// A unary method that is answered on the request itself, without the gRPC library's call (docs/decisions/0019): that costs more than the decision in
/// it. Whatever is not the usual message is left to the library as it came, so that its answer is the library's.
/// </summary>
/// <typeparam name="TRequest">Its question.</typeparam>
internal sealed class DirectCall<TRequest>(string path, Func<ReadOnlySequence<byte>, TRequest> read, DirectMethod<TRequest> method, DirectCallOptions options)
    : IDirectCall
{
    private static readonly Task Done = Task.CompletedTask;

    /// <inheritdoc />
    public string Path => path;

    /// <inheritdoc />
    public Task InvokeAsync(HttpContext http, RequestDelegate library) =>
        http.Request.BodyReader.TryRead(out var arrived) && GrpcMessage.HasAll(in arrived)
            ? TakeAsync(http, in arrived, library)
            : WaitAsync(http, arrived, library);

    private async Task WaitAsync(HttpContext http, ReadResult arrived, RequestDelegate library)
    {
        var body = http.Request.BodyReader;
        try
        {
            while (!GrpcMessage.HasAll(in arrived))
            {
                if (GrpcMessage.IsTooLong(in arrived, options.MostBytes))
                {
                    break;
                }

                // What TryRead did not find is no result that could be gone over.
                if (!arrived.Buffer.IsEmpty || arrived.IsCompleted)
                {
                    body.AdvanceTo(arrived.Buffer.Start, arrived.Buffer.End);
                }

                arrived = await body.ReadAsync(http.RequestAborted);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Nobody is left who could be answered.
            http.Abort();
            return;
        }

        await TakeAsync(http, in arrived, library);
    }

    // With the whole message there, or with one that is none of ours.
    private Task TakeAsync(HttpContext http, in ReadResult arrived, RequestDelegate library)
    {
        var body = http.Request.BodyReader;
        TRequest request;
        try
        {
            if (!GrpcMessage.TryFind(in arrived, options.MostBytes, out var message))
            {
                body.AdvanceTo(arrived.Buffer.Start);
                if (arrived.Buffer.IsEmpty && arrived.IsCompleted)
                {
                    DirectStatus.Write(http.Response, DirectStatus.WithoutMessage);
                    return Done;
                }

                return library(http);
            }

            request = read(message);
        }
        catch (InvalidProtocolBufferException)
        {
            body.AdvanceTo(arrived.Buffer.End);
            DirectStatus.Write(http.Response, ErrorMapping.Of(Code.InvalidArgument, $"The message is none of {path}: send its request, as protobuf writes it."));
            return Done;
        }

        body.AdvanceTo(arrived.Buffer.End);
        var deadline = options.MayWait ? GrpcDeadline.Of(http) : GrpcDeadline.OfConnection(http);
        try
        {
            var answering = method(request, http, deadline.Token);
            if (!answering.IsCompletedSuccessfully)
            {
                return FinishAsync(http, answering, deadline);
            }

            deadline.Dispose();
            return AnswerAsync(http, answering.Result);
        }
        catch (Exception exception)
        {
            deadline.Dispose();
            DirectStatus.Write(http.Response, ToStatus(exception, http.RequestAborted));
            return Done;
        }
    }

    private async Task FinishAsync(HttpContext http, ValueTask<byte[]> answering, GrpcDeadline deadline)
    {
        try
        {
            byte[] answer = await answering;
            await AnswerAsync(http, answer);
        }
        catch (Exception exception)
        {
            DirectStatus.Write(http.Response, deadline.IsOver ? DirectStatus.DeadlineExceeded : ToStatus(exception, http.RequestAborted));
        }
        finally
        {
            deadline.Dispose();
        }
    }

    private static Task AnswerAsync(HttpContext http, byte[] answer)
    {
        var response = http.Response;
        response.Headers.ContentType = DirectStatus.ContentType;

        // Before the first byte is written, as the server wants it.
        var starting = response.StartAsync(CancellationToken.None);
        if (!starting.IsCompletedSuccessfully)
        {
            return AnswerAsync(starting, response, answer);
        }

        GrpcMessage.Write(response.BodyWriter, answer);
        DirectStatus.WriteOk(response);
        return Done;
    }

    private static async Task AnswerAsync(Task starting, HttpResponse response, byte[] answer)
    {
        await starting;
        GrpcMessage.Write(response.BodyWriter, answer);
        DirectStatus.WriteOk(response);
    }

    private RpcException ToStatus(Exception exception, CancellationToken aborted) =>
        exception as RpcException ?? options.Errors.ToStatus(exception, path, aborted);
}
