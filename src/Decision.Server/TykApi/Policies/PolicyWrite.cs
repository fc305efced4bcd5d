namespace Decision.Server.TykApi.Policies;

/// <param name="Id">The policy's id.</param>
/// <param name="Warnings">What is probably not meant.</param>
internal sealed record PolicyWrite(string Id, string[] Warnings);
