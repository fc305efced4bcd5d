using System.Text;

namespace Decision.Server.Tests.Telemetry;

/// <summary>A request that was posted.</summary>
internal sealed record Posted(string Path, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public bool Has(ReadOnlySpan<byte> bytes) => Body.AsSpan().IndexOf(bytes) >= 0;
}
