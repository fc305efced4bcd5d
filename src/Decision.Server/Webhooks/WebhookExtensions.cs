using Decision.Runtime.Observation.Quotas;
using Decision.Server.Configuration;

namespace Decision.Server.Webhooks;

/// <summary>Adds the webhook.</summary>
internal static class WebhookExtensions
{
    /// <summary>Adds it where the settings name a receiver.</summary>
    public static void AddWebhook(this IServiceCollection services, ServerSettings settings)
    {
        if (settings.Webhook is not { } webhook)
        {
            return;
        }

        services.AddSingleton(webhook);
        services.AddSingleton<WebhookMetrics>();
        services.AddSingleton<Webhook>();
        services.AddSingleton<IQuotaEvents>(provider => provider.GetRequiredService<Webhook>());
        services.AddHostedService(provider => provider.GetRequiredService<Webhook>());
    }
}
