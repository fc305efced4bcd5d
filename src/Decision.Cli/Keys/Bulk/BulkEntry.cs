using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Keys.Bulk;

/// <summary>One key that was chosen.</summary>
/// <param name="Name">Its id, or the line of the list, as <c>line 3</c>; never a key's text.</param>
/// <param name="Key">The key as it was read; null = only its text is known so far, or no key has it.</param>
/// <param name="Problem">Why it cannot be read; null = nothing.</param>
internal sealed record BulkEntry(string Name, Key? Key, BulkOutcome? Problem = null);
