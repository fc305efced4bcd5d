using Decision.Engine.Charges;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Transfer;

/// <summary>The words of the file, each in one place.</summary>
internal static class TransferWords
{
    /// <summary>The format that this version writes and reads.</summary>
    public const long Format = 1;

    /// <summary>Lines from one report of progress to the next.</summary>
    public const int ProgressEvery = 10_000;

    public const string Header = "header";
    public const string Trailer = "trailer";
    public const string Delete = "delete";

    /// <summary>By <see cref="TransferKind"/>.</summary>
    public static readonly string[] Kinds = ["api", "policy", "organization", "usage", "key"];

    /// <summary>By <see cref="TransferKind"/>: their names in the trailer.</summary>
    public static readonly string[] Counts = ["apis", "policies", "organizations", "usage", "keys"];

    /// <summary>By <see cref="SubjectKind"/>.</summary>
    public static readonly string[] SubjectKinds = ["key", "pattern", "organization", "api", "descriptor"];

    /// <summary>By <see cref="TransferKind"/>, those that are documents.</summary>
    public static readonly DocumentKind[] Documents = [DocumentKind.Api, DocumentKind.Policy, DocumentKind.Organization];
}
