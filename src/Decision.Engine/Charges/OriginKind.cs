namespace Decision.Engine.Charges;

/// <summary>Where a value comes from.</summary>
public enum OriginKind : byte
{
    /// <summary>The key itself.</summary>
    Key = 0,

    /// <summary>A policy.</summary>
    Policy = 1,

    /// <summary>The API registry.</summary>
    Api = 2,

    /// <summary>The organisation.</summary>
    Organization = 3,
}
