namespace Decision.Cli.Import.Reading;

/// <summary>What of an API definition has a place in the registry.</summary>
internal sealed record TykDefinition
{
    public required string ApiId { get; init; }

    public string Name { get; init; } = "";

    public string OrganizationId { get; init; } = "";

    public bool IsActive { get; init; } = true;

    public string ListenPath { get; init; } = "";

    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Versions; empty = the API has none.</summary>
    public IReadOnlyList<string> Versions { get; init; } = [];

    public string DefaultVersion { get; init; } = "";

    public string Header { get; init; } = "";

    public string QueryParameter { get; init; } = "";

    public string Cookie { get; init; } = "";

    /// <summary>Requests of all keys together per <see cref="Per"/> seconds; 0 = no limit.</summary>
    public double Rate { get; init; }

    public double Per { get; init; }

    /// <summary>What has no place, and what that does.</summary>
    public IReadOnlyList<NotCarried> NotCarried { get; init; } = [];
}

/// <summary>Something of a definition that has no place here.</summary>
internal sealed record NotCarried(EffectKind Kind, string Text);
