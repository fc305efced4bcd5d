using System.Globalization;
using System.Text.RegularExpressions;
using Decision.Engine.Findings;

namespace Decision.Cli.Sources;

/// <summary>Collects everything that is wrong in one file, so that a person mends it at once.</summary>
internal sealed partial class SourceProblems(string file)
{
    private readonly List<SourceProblem> _problems = [];

    /// <summary>The file, as it was named.</summary>
    public string File => file;

    /// <summary>All, in the order in which they were found.</summary>
    public IReadOnlyList<SourceProblem> All => _problems;

    /// <summary>Adds what is wrong with the file as a whole.</summary>
    public void Add(string message) => _problems.Add(new SourceProblem(file, 0, 0, "", message));

    /// <summary>Adds what is wrong at a place.</summary>
    public void Add(SourceNode at, string field, string message) => Add(at.Line, at.Column, field, message);

    /// <summary>Adds what is wrong at a line.</summary>
    public void Add(int line, int column, string field, string message) =>
        _problems.Add(new SourceProblem(file, line, column, field, message));

    /// <summary>Adds what a reader of JSON found, whose sentence begins with line and column.</summary>
    public void AddUnparsed(Finding finding)
    {
        var match = Place().Match(finding.Message);
        if (match.Success)
        {
            Add(Number(match.Groups[1]), Number(match.Groups[2]), "", match.Groups[3].Value);
        }
        else
        {
            Add(finding.Message);
        }
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\Aline (\d+), column (\d+): (.*)\z", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Place();
}
