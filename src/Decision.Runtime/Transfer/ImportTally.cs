namespace Decision.Runtime.Transfer;

/// <summary>What became of the items of one kind. In a dry run: what would; for usage that is only known by writing it, and all are added.</summary>
/// <param name="Added">The store had none.</param>
/// <param name="Unchanged">The store had the same.</param>
/// <param name="Replaced">The store had another one.</param>
/// <param name="Kept">Usage that the store keeps, because to overwrite it could enlarge what remains.</param>
public readonly record struct ImportTally(long Added, long Unchanged, long Replaced, long Kept);
