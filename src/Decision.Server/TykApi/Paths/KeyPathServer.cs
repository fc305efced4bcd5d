using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Decision.Server.TykApi.Paths;

/// <summary>
/// Takes the keys out of the paths of requests before anything that logs, traces or measures sees them. It stands around the server itself,
/// because the host logs a request's path before the first middleware runs.
/// </summary>
internal sealed class KeyPathServer(IServer server) : IServer
{
    public IFeatureCollection Features => server.Features;

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull =>
        server.StartAsync(new Application<TContext>(application), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    public void Dispose() => server.Dispose();

    private sealed class Application<TContext>(IHttpApplication<TContext> inner) : IHttpApplication<TContext>
        where TContext : notnull
    {
        public TContext CreateContext(IFeatureCollection contextFeatures)
        {
            if (contextFeatures.Get<IHttpRequestFeature>() is { } request && HiddenPath.Of(request.Path) is { } shown)
            {
                contextFeatures.Set(new KeyPathFeature(request.RawTarget, request.Path));
                request.Path = shown;
                request.RawTarget = shown + request.QueryString;
            }

            return inner.CreateContext(contextFeatures);
        }

        public Task ProcessRequestAsync(TContext context) => inner.ProcessRequestAsync(context);

        public void DisposeContext(TContext context, Exception? exception) => inner.DisposeContext(context, exception);
    }
}
