namespace Decision.Cli.Sources;

/// <summary>What stands at a place of a YAML or JSON text.</summary>
internal enum SourceKind : byte
{
    /// <summary>Nothing: <c>null</c>, <c>~</c>, or an empty value.</summary>
    Null,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A list.</summary>
    List,

    /// <summary>Names and values.</summary>
    Map,
}
