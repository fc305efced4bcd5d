using Decision.Server.Wire;
namespace Decision.Server.Proxies.Envoy.Wire;

/// <summary>Where in a message a header is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsRaw">Whether it came one by one; false = joined with those of the same name.</param>
internal readonly record struct EnvoyHeader(ProtoSpan Name, ProtoSpan Value, bool IsRaw);
