using System.Net;
using Decision.Client.AspNetCore.Credentials;
using Decision.Client.AspNetCore.Endpoints;
using Decision.Client.AspNetCore.Headers;
using Microsoft.Extensions.Options;

namespace Decision.Client.AspNetCore;

/// <summary>Asks about a request before it goes on: allowed with what the service knows of its key, or refused here.</summary>
internal sealed class DecisionMiddleware(
    RequestDelegate next,
    IDecisionClient client,
    IOptions<DecisionMiddlewareOptions> options,
    IServiceProvider services,
    ILogger<DecisionMiddleware> log)
{
    private readonly DecisionMiddlewareOptions _options = options.Value;
    private readonly KeyFinder _keys = new(options.Value);
    private readonly TimeProvider _time = services.GetService<TimeProvider>() ?? TimeProvider.System;

    public Task InvokeAsync(HttpContext context)
    {
        // A request that goes through the pipeline again, to an error page, was decided and counted.
        if (context.Features.Get<IDecisionFeature>() is not null)
        {
            return next(context);
        }

        UpstreamHeaders.RemoveForged(context.Request.Headers);
        context.Features.Set(DecisionPassage.Seen);
        var rule = EndpointRule.Of(context.GetEndpoint(), _options);
        return rule.IsAsked ? AskAsync(context, rule) : next(context);
    }

    private async Task AskAsync(HttpContext context, EndpointRule rule)
    {
        if (_keys.Find(context.Request, out var key) is { } unclear)
        {
            await RefuseMalformedAsync(context, unclear);
            return;
        }

        Verdict verdict;
        try
        {
            verdict = await client.AuthorizeAsync(ToRequest(context, in rule, in key), context.RequestAborted);
        }
        catch (DecisionRequestException exception)
        {
            await RefuseMalformedAsync(context, exception.Message);
            return;
        }
        catch (DecisionCredentialException exception)
        {
            MiddlewareLog.NotLetAsk(log, exception);
            await Denial.WriteAsync(context.Response, StatusCodes.Status500InternalServerError, "The request could not be decided");
            return;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone.
            return;
        }

        if (!verdict.IsAllowed)
        {
            ClientHeaders.Write(context.Response.Headers, verdict, _time.GetUtcNow());
            await Denial.WriteAsync(context.Response, verdict.HttpStatus, verdict.Message);
            return;
        }

        context.Features.Set<IDecisionFeature>(new DecisionFeature(verdict));
        UpstreamHeaders.Write(context.Request.Headers, verdict);
        if (_options.RemoveCredential)
        {
            KeyFinder.Remove(context.Request, in key);
        }

        // At the end, so that they take the place of what an upstream sent under these names.
        context.Response.OnStarting(() =>
        {
            ClientHeaders.Write(context.Response.Headers, verdict, _time.GetUtcNow());
            return Task.CompletedTask;
        });
        await next(context);
    }

    private AuthorizationRequest ToRequest(HttpContext context, in EndpointRule rule, in FoundKey key)
    {
        string target = RequestTarget.Of(context);
        bool isSigned = SignedHeaders.IsSignature(key.Text);
        return new AuthorizationRequest
        {
            ApiKey = key.Text,
            ApiId = rule.ApiId,
            ApiVersion = rule.ApiVersion,
            Method = context.Request.Method,

            // A query may hold keys, and decides nothing but what was signed.
            Path = isSigned ? target : RequestTarget.WithoutQuery(target),
            Host = context.Request.Host.Value ?? "",
            Cost = rule.Cost,
            ClientIp = AddressOf(context.Connection.RemoteIpAddress),
            RequestId = context.TraceIdentifier,
            OrganizationId = _options.OrganizationId ?? "",
            Headers = isSigned ? SignedHeaders.Of(key.Text, context.Request) : [],
        };
    }

    private Task RefuseMalformedAsync(HttpContext context, string problem)
    {
        MiddlewareLog.Malformed(log, problem);
        context.Response.Headers[ClientHeaders.DecisionReason] = ClientHeaders.Malformed;
        return Denial.WriteAsync(context.Response, StatusCodes.Status400BadRequest, problem);
    }

    // A dual-mode socket tells IPv4 as IPv6, and a link-local address has its interface behind it: keys are bound to neither form.
    private static string AddressOf(IPAddress? address) =>
        address is null ? ""
        : address.IsIPv4MappedToIPv6 ? address.MapToIPv4().ToString()
        : new IPAddress(address.GetAddressBytes()).ToString();

    private sealed record DecisionFeature(Verdict Verdict) : IDecisionFeature;
}
