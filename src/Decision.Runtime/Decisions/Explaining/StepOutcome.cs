namespace Decision.Runtime.Decisions.Explaining;

/// <summary>How a step of a decision ended.</summary>
public enum StepOutcome
{
    /// <summary>Checked, and nothing to object to.</summary>
    Passed,

    /// <summary>Checked, and refused.</summary>
    Denied,

    /// <summary>Not checked: an earlier step refused, or there is nothing to check.</summary>
    Skipped,
}
