namespace Decision.Engine.Addresses;

/// <summary>What is wrong with one entry of an address list.</summary>
/// <param name="Index">The position of the entry in its list, from 0.</param>
/// <param name="Problem">A sentence that says what is wrong and what to write instead.</param>
public readonly record struct AddressProblem(int Index, string Problem);
