using Decision.Engine.Findings;

namespace Decision.Runtime.Files;

/// <summary>What a reading of the files came to.</summary>
/// <param name="IsInForce">True when what was read is in force now; false when an error kept the set that was in force.</param>
/// <param name="Findings">Every error and warning.</param>
/// <param name="Policies">Policies of the files that are in force, those switched off included.</param>
/// <param name="SwitchedOff">Those of them that are left out, because they say <c>active: false</c>.</param>
/// <param name="Apis">APIs of the file that are in force.</param>
/// <param name="Added">Policies that were not there before.</param>
/// <param name="Changed">Policies that differ from before.</param>
/// <param name="Removed">Policies that are no longer there.</param>
public sealed record FileReload(
    bool IsInForce, IReadOnlyList<Finding> Findings, int Policies, int SwitchedOff, int Apis, int Added = 0, int Changed = 0, int Removed = 0);
