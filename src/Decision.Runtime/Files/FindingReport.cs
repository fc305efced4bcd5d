using Decision.Engine.Findings;
using Microsoft.Extensions.Logging;

namespace Decision.Runtime.Files;

/// <summary>Logs each finding once, for as long as it is found.</summary>
internal sealed class FindingReport(ILogger log)
{
    private HashSet<Finding> _said = [];

    public void Write(IReadOnlyList<Finding> findings)
    {
        var found = new HashSet<Finding>();
        foreach (var finding in findings)
        {
            if (!found.Add(finding) || _said.Contains(finding))
            {
                continue;
            }

            if (finding.Severity == FindingSeverity.Error)
            {
                FileLayerLog.FindingError(log, finding.ToString());
            }
            else
            {
                FileLayerLog.FindingWarning(log, finding.ToString());
            }
        }

        _said = found;
    }
}
