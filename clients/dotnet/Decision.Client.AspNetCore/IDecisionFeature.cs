namespace Decision.Client.AspNetCore;

/// <summary>
/// In <c>HttpContext.Features</c> of each request that passed: the verdict, with the key's id, limits and metadata. Not there where nothing was
/// asked (<c>SkipDecision()</c>).
/// </summary>
public interface IDecisionFeature
{
    /// <summary>The verdict; always one that allows. <see cref="Verdict.IsFromFailureMode"/> tells that nobody checked anything.</summary>
    Verdict Verdict { get; }
}
