namespace Decision.Storage.Embedded.Hosting;

/// <summary>Settings of the embedded store.</summary>
public sealed class EmbeddedStorageOptions
{
    /// <summary>The database's file; made where there is none. <c>:memory:</c> keeps nothing over a restart.</summary>
    /// <value>Default: <c>decision.db</c> in the working folder.</value>
    public string Path { get; set; } = "decision.db";

    /// <summary>How often changed counters are written. A crash loses at most what was spent since.</summary>
    /// <value>Default: 1 second; 10 milliseconds to 1 minute.</value>
    public TimeSpan SaveInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a quota's counter that nobody spends on stays in memory; the file keeps it.</summary>
    /// <value>Default: 10 minutes; 1 second to 1 day.</value>
    public TimeSpan IdleQuota { get; set; } = TimeSpan.FromMinutes(10);

    internal static bool IsSaveIntervalInRange(EmbeddedStorageOptions options) =>
        options.SaveInterval >= TimeSpan.FromMilliseconds(10) && options.SaveInterval <= TimeSpan.FromMinutes(1);

    internal static bool IsIdleQuotaInRange(EmbeddedStorageOptions options) =>
        options.IdleQuota >= TimeSpan.FromSeconds(1) && options.IdleQuota <= TimeSpan.FromDays(1);
}
