using Decision.Console.Assets;
using Decision.Console.Components;
using Decision.Console.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Decision.Console.Hosting;

/// <summary>The way of a request through the console.</summary>
internal static class ConsolePipeline
{
    public static RequestDelegate Build(IServiceProvider services)
    {
        var app = new ApplicationBuilder(services);
        app.Use(SecurityHeaders.AddAsync);
        app.Use(SameOrigin.CheckAsync);
        app.Use(SessionGate.PassAsync);
        app.UseRouting();
        app.UseAntiforgery();
        app.UseEndpoints(endpoints =>
        {
            endpoints.MapAssets();
            endpoints.MapSignIn();
            endpoints.MapRazorComponents<App>().AddInteractiveServerRenderMode(server =>
            {
                // It is among our own headers, and stricter.
                server.ContentSecurityFrameAncestorsPolicy = null;
            });
        });
        return app.Build();
    }
}
