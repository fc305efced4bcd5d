namespace Decision.Runtime.Stores;

/// <summary>What holds for all documents of a kind.</summary>
public static class DocumentKinds
{
    /// <summary>Whether its changes are kept as revisions and told to other replicas.</summary>
    public static bool KeepsRevisions(this DocumentKind kind) => kind is not (DocumentKind.FileLayer or DocumentKind.CredentialUse);
}
