using Decision.Engine.Grants;
using Decision.Engine.Paths;
using Decision.Engine.Signatures;

namespace Decision.Engine;

/// <summary>The server's settings that decisions depend on.</summary>
public sealed record EngineOptions
{
    /// <summary>The defaults of every setting.</summary>
    public static EngineOptions Default { get; } = new();

    /// <summary>What grants are compiled with.</summary>
    public GrantOptions Grants { get; init; } = GrantOptions.Default;

    /// <summary>What happens to a path that could be read in two ways; <c>Access:PathNormalization</c>.</summary>
    public PathNormalization PathNormalization { get; init; } = PathNormalization.Refuse;

    /// <summary>How far a signature's date may be off, in microseconds; 0 = any.</summary>
    /// <value>300 seconds.</value>
    public long SignatureClockSkewUs { get; init; } = HttpSignature.DefaultClockSkewUs;
}
