using System.Globalization;

namespace Decision.Cli.Sources;

/// <summary>Something that is wrong in a file.</summary>
/// <param name="File">The file, as it was named.</param>
/// <param name="Line">The line, from 1; 0 = the file as a whole.</param>
/// <param name="Column">The column, from 1; 0 = the line as a whole.</param>
/// <param name="Field">The field's path; empty = none.</param>
/// <param name="Message">What is wrong, and what to write instead.</param>
internal sealed record SourceProblem(string File, int Line, int Column, string Field, string Message)
{
    /// <summary>File, line and column, as compilers write them.</summary>
    public string Place => Line == 0 ? File
        : Column == 0 ? string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}")
        : string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}");

    /// <summary>Place, field and sentence, as compilers write them.</summary>
    public override string ToString() => Field.Length == 0 ? $"{Place}: {Message}" : $"{Place}: {Field}: {Message}";
}
