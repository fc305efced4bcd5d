using Decision.Runtime.Audit;
using Decision.Runtime.Backups;
using Decision.Runtime.Credentials;
using Decision.Runtime.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Decision.Runtime.Hosting;

/// <summary>Adds who may administer, the log of what they do, and copies of the store.</summary>
internal static class AdministratorExtensions
{
    public static IServiceCollection AddAdministrators(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new AuditTrail(
            provider.GetRequiredService<IAuditStore>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AuditTrail>>()));
        services.TryAddSingleton(provider => new AuditLog(provider.GetRequiredService<IAuditStore>()));
        services.TryAddSingleton<AuditService>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditService>());
        services.TryAddSingleton<CredentialDirectory>();
        services.TryAddSingleton(provider => new CredentialAdministration(
            provider.GetRequiredService<IDocumentStore>(),
            provider.GetRequiredService<AuditTrail>(),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new StoreBackup(provider.GetService<IBackupStore>(), provider.GetRequiredService<AuditTrail>()));
        return services;
    }
}
