namespace Decision.Server.Grpc.Direct;

/// <summary>Answers the usual calls of the methods that proxies ask on every request; every other call goes on.</summary>
internal sealed class DirectCallMiddleware(RequestDelegate next, IEnumerable<IDirectCall> calls)
{
    private readonly IDirectCall[] _calls = [.. calls];

    public Task InvokeAsync(HttpContext http)
    {
        string path = http.Request.Path.Value ?? "";
        foreach (var call in _calls)
        {
            if (path == call.Path)
            {
                return IsUsual(http) ? call.InvokeAsync(http, next) : next(http);
            }
        }

        return next(http);
    }

    private static bool IsUsual(HttpContext http)
    {
        var request = http.Request;
        return HttpProtocol.IsHttp2(request.Protocol)
            && HttpMethods.IsPost(request.Method)
            && request.ContentType is "application/grpc" or "application/grpc+proto"
            && (request.Headers.GrpcEncoding.Count == 0 || request.Headers.GrpcEncoding == "identity")
            && GrpcDeadline.IsUsual(http);
    }
}
