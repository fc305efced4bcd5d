using System.Collections.Immutable;
using Decision.Runtime.Observation.Notes;
using Decision.Runtime.Observation.Usage;

namespace Decision.Runtime.Hosting;

/// <summary>What is done with decisions once they are made.</summary>
public sealed class ObservationOptions
{
    /// <summary>Whether refusals can be followed live, and who is refused most is told.</summary>
    /// <value>True.</value>
    public bool HasRefusals { get; set; } = true;

    /// <summary>Which decisions the log has.</summary>
    /// <value>None.</value>
    public NoteMode Log { get; set; }

    /// <summary>Of how many admissions the sampled log has one.</summary>
    /// <value>100.</value>
    public int LogOneIn { get; set; } = 100;

    /// <summary>The use over time.</summary>
    /// <value>It is not counted.</value>
    public UsageOptions Usage { get; set; } = new();

    /// <summary>Percentages at which an event is raised of every quota, beside those that keys have of their own.</summary>
    /// <value>None.</value>
    public ImmutableArray<double> QuotaThresholds { get; set; } = [];
}
