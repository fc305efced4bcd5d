using System.Text.Json.Nodes;
using Google.Protobuf;
using Spectre.Console;

namespace Decision.Cli.Results;

/// <summary>Where commands put what they have found: results to standard output, everything else to the error stream.</summary>
internal sealed class Output(Shell shell, OutputFormat format, bool isQuiet)
{
    /// <summary>Whether a program reads the result.</summary>
    public bool IsJson { get; } = format == OutputFormat.Json;

    /// <summary>Whether only the one value is wanted, and no notes.</summary>
    public bool IsQuiet { get; } = isQuiet;

    /// <summary>For results to people.</summary>
    public IAnsiConsole Console { get; } = ConsoleFactory.Create(shell.Out, shell.IsOutputTerminal, shell);

    /// <summary>For progress and questions.</summary>
    public IAnsiConsole ErrorConsole { get; } = ConsoleFactory.Create(shell.Error, shell.IsErrorTerminal, shell);

    /// <summary>Whether somebody sees progress.</summary>
    public bool ShowsProgress => shell.IsErrorTerminal && !IsQuiet && !IsJson;

    /// <summary>Tells the result in the form that was asked for; <c>--output json</c> goes before <c>--quiet</c>.</summary>
    /// <param name="json">For programs.</param>
    /// <param name="quiet">For <c>--quiet</c>: the values that scripts want, a line each; none = nothing is written.</param>
    /// <param name="people">For people.</param>
    public void Show(Func<JsonNode> json, Func<IEnumerable<string>> quiet, Action<IAnsiConsole> people)
    {
        if (IsJson)
        {
            shell.Out.WriteLine(JsonText.Write(json()));
        }
        else if (IsQuiet)
        {
            foreach (string line in quiet())
            {
                shell.Out.WriteLine(line);
            }
        }
        else
        {
            people(Console);
        }
    }

    /// <summary>The same for an answer that is JSON as it is.</summary>
    public void Show(IMessage json, Func<IEnumerable<string>> quiet, Action<IAnsiConsole> people) => Show(() => ProtoJson.Of(json), quiet, people);

    /// <summary>Says on the error stream what a person may want to know; not for programs.</summary>
    public void Note(string text)
    {
        if (!IsQuiet && !IsJson)
        {
            shell.Error.WriteLine(text);
        }
    }
}
