using System.CommandLine;
using System.Text.Json.Nodes;
using Decision.Cli.Commands;
using Decision.Cli.Results;

namespace Decision.Cli.Failures;

/// <summary>Tells a failure on the error stream: sentences for people, one JSON object for programs.</summary>
internal static class FailureReport
{
    public static ExitCode Tell(Failure failure, ParseResult parsed, Shell shell)
    {
        if (parsed.GetValue<OutputFormat>(GlobalOptions.Output) == OutputFormat.Json)
        {
            shell.Error.WriteLine(JsonText.Write(Json(failure)));
            return failure.ExitCode;
        }

        if (failure.Violations.Count == 0)
        {
            shell.Error.WriteLine(failure.Message);
        }

        foreach (var violation in failure.Violations)
        {
            shell.Error.WriteLine(violation.Field.Length > 0 ? $"{violation.Field}: {violation.Message}" : violation.Message);
        }

        if (failure.Hint is { } hint)
        {
            shell.Error.WriteLine(hint);
        }

        return failure.ExitCode;
    }

    private static JsonObject Json(Failure failure)
    {
        var error = new JsonObject { ["reason"] = failure.Reason, ["message"] = failure.Message };
        if (failure.Violations.Count > 0)
        {
            error["violations"] = new JsonArray(
                [.. failure.Violations.Select(one => new JsonObject { ["field"] = one.Field, ["message"] = one.Message })]);
        }

        return new JsonObject { ["error"] = error };
    }
}
