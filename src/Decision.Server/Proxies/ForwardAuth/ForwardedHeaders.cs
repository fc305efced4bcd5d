namespace Decision.Server.Proxies.ForwardAuth;

/// <summary>Which headers tell the client's request.</summary>
internal enum ForwardedHeaders : byte
{
    /// <summary>Those that are there; both only where they tell the same.</summary>
    Auto = 0,

    /// <summary><c>X-Forwarded-*</c> alone; the others are the client's.</summary>
    Forwarded,

    /// <summary><c>X-Original-*</c> alone; the others are the client's.</summary>
    Original,
}
