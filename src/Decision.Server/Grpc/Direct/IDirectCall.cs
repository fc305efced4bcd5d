namespace Decision.Server.Grpc.Direct;

/// <summary>A unary method that is answered without the gRPC library's call.</summary>
internal interface IDirectCall
{
    /// <summary>Service and method, as the path of a call.</summary>
    string Path { get; }

    /// <summary>Answers a call, or leaves it to the library as it came.</summary>
    Task InvokeAsync(HttpContext http, RequestDelegate library);
}
