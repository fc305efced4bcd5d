using Decision.Runtime.Audit;
using Decision.Runtime.Credentials;
using Decision.Runtime.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Runtime.Tests.Audit;

/// <summary>The audit log of a runtime, and acts as somebody.</summary>
internal static class AuditedRuntime
{
    public static readonly Actor Alice = new("a1", "alice", AdminRole.Admin) { Peer = "10.0.0.9:5", Protocol = "grpc", Agent = "tool/1" };

    public static AuditLog Audit(this TestRuntime runtime) => runtime.Services.GetRequiredService<AuditLog>();

    public static AuditService AuditService(this TestRuntime runtime) => runtime.Services.GetRequiredService<AuditService>();

    /// <summary>All entries, oldest first.</summary>
    public static async Task<AuditEntry[]> EntriesAsync(this TestRuntime runtime, AuditFilter? filter = null) =>
        [.. (await runtime.Audit().ListAsync(filter ?? new AuditFilter(), "", 1000, CancellationToken.None)).Items.Reverse()];

    public static async Task<AuditCheck> VerifyAsync(this TestRuntime runtime) => await runtime.Audit().VerifyAsync(null, CancellationToken.None);

    /// <summary>Does something as somebody.</summary>
    public static async Task<T> AsAsync<T>(Actor actor, Func<Task<T>> act)
    {
        Actor.Become(actor);
        return await act();
    }
}
