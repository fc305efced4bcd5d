using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Decision.Console.Assets;

/// <summary>Scripts and styles, out of the assembly. Their addresses carry a part of their hash, so that a browser asks once.</summary>
internal static class AssetEndpoints
{
    /// <summary>Below the console.</summary>
    public const string Path = "/assets";

    public static void MapAssets(this IEndpointRouteBuilder endpoints) => endpoints.MapGet(Path + "/{hash}/{name}", AnswerAsync);

    private static Task AnswerAsync(HttpContext context)
    {
        if (context.Request.RouteValues["name"] is not string name
            || EmbeddedAsset.Find(name) is not { } asset
            || asset.Hash != context.Request.RouteValues["hash"] as string)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        context.Response.Headers.Remove("Pragma");
        context.Response.Headers.Vary = "Accept-Encoding";
        context.Response.ContentType = asset.ContentType;
        bool isPacked = context.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
        if (isPacked)
        {
            context.Response.Headers.ContentEncoding = "br";
        }

        var content = isPacked ? asset.Packed : asset.Content;
        context.Response.ContentLength = content.Length;
        return context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
    }
}
