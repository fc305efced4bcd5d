namespace Decision.Engine.Paths;

/// <summary>What is wrong with one entry of a list.</summary>
/// <param name="Index">The position of the entry in its list, from 0.</param>
/// <param name="Problem">A sentence that says what is wrong and what to write instead.</param>
public readonly record struct EntryProblem(int Index, string Problem);
