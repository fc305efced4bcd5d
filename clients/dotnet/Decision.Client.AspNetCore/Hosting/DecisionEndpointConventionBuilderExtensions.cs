using Decision.Client.AspNetCore;
using Decision.Client.AspNetCore.Endpoints;
using Decision.Client.AspNetCore.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>What endpoints say about being asked about.</summary>
public static class DecisionEndpointConventionBuilderExtensions
{
    /// <summary>
    /// Requests for this endpoint are asked about, as requests for one API. Without <c>app.UseDecision()</c> in front of it the endpoint refuses to
    /// run, rather than being open.
    /// </summary>
    /// <param name="builder">The endpoint, or a group of them.</param>
    /// <param name="apiId">The API; null = <see cref="DecisionMiddlewareOptions.ApiId"/>, else found by host and path.</param>
    /// <param name="apiVersion">The version of the API; null = its default.</param>
    /// <returns><paramref name="builder"/>, for more calls.</returns>
    /// <exception cref="ArgumentException"><paramref name="apiId"/> is no id: 1 to 128 characters of <c>A-Z a-z 0-9 . _ ~ -</c>.</exception>
    public static TBuilder RequireDecision<TBuilder>(this TBuilder builder, string? apiId = null, string? apiVersion = null)
        where TBuilder : IEndpointConventionBuilder
    {
        if (apiId is not null && !MiddlewareOptionsRules.IsId(apiId))
        {
            throw new ArgumentException($"'{apiId}' is no id of an API: write 1 to 128 characters of A-Z a-z 0-9 . _ ~ -.", nameof(apiId));
        }

        builder.Add(endpoint =>
        {
            endpoint.Metadata.Add(new RequireDecisionAttribute(apiId) { ApiVersion = apiVersion });
            if (endpoint.RequestDelegate is { } run)
            {
                string name = endpoint.DisplayName ?? "an endpoint";
                endpoint.RequestDelegate = context => context.Features.Get<DecisionPassage>() is not null
                    ? run(context)
                    : throw new InvalidOperationException(
                        $"{name} requires a decision, and nobody asked for one: call app.UseDecision(), after app.UseRouting() where that is called.");
            }
        });
        return builder;
    }

    /// <summary>What a request for this endpoint counts for on every limit.</summary>
    /// <param name="builder">The endpoint, or a group of them.</param>
    /// <param name="cost">Units, 1 or more.</param>
    /// <returns><paramref name="builder"/>, for more calls.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="cost"/> is below 1.</exception>
    public static TBuilder WithDecisionCost<TBuilder>(this TBuilder builder, long cost)
        where TBuilder : IEndpointConventionBuilder
    {
        var metadata = new DecisionCostAttribute(cost);
        builder.Add(endpoint => endpoint.Metadata.Add(metadata));
        return builder;
    }

    /// <summary>Requests for this endpoint pass unasked: for health checks and the like.</summary>
    /// <param name="builder">The endpoint, or a group of them.</param>
    /// <returns><paramref name="builder"/>, for more calls.</returns>
    public static TBuilder SkipDecision<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new SkipDecisionAttribute()));
        return builder;
    }
}
