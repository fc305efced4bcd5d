using Decision.Runtime.Observation.Notes;
using Decision.Server.Configuration;

namespace Decision.Server.DecisionLogs;

/// <summary>Reads the section <c>DecisionLog</c>.</summary>
internal static class DecisionLogSettingsReader
{
    private const string Mode = "DecisionLog:Mode";
    private const string Output = "DecisionLog:Output";
    private const string FileName = "DecisionLog:File";

    private static readonly string[] OfAll = ["DecisionLog:OneIn", Output, FileName, "DecisionLog:MaxFileBytes", "DecisionLog:Files", "DecisionLog:Queue"];
    private static readonly string[] OfFile = [FileName, "DecisionLog:MaxFileBytes", "DecisionLog:Files"];

    public static DecisionLogSettings Read(SettingsReader reader, bool hasReceiver)
    {
        var settings = new DecisionLogSettings
        {
            Mode = reader.Word(Mode, NoteMode.Off, ("off", NoteMode.Off), ("refused", NoteMode.Refused), ("sampled", NoteMode.Sampled)),
            OneIn = (int)reader.Whole("DecisionLog:OneIn", 100, 1, 1_000_000_000),
            Output = reader.Word(
                Output, DecisionLogOutput.Stdout, ("stdout", DecisionLogOutput.Stdout), ("file", DecisionLogOutput.File), ("otlp", DecisionLogOutput.Otlp)),
            File = reader.FilePath(FileName) ?? "",
            MaxFileBytes = reader.Whole("DecisionLog:MaxFileBytes", 100 * 1024 * 1024, 1024, 1L << 40),
            Files = (int)reader.Whole("DecisionLog:Files", 10, 1, 10_000),
            Queue = (int)reader.Whole("DecisionLog:Queue", 10_000, 1, 10_000_000),
        };
        if (settings.Mode == NoteMode.Off)
        {
            Refuse(reader, OfAll, $"{Mode} is refused or sampled");
        }
        else if (settings.Output != DecisionLogOutput.File)
        {
            Refuse(reader, OfFile, $"{Output} is file");
        }
        else if (settings.File.Length == 0)
        {
            reader.Wrong(Output, "file", $"name the file with {FileName}");
        }
        else if (!Directory.Exists(Path.GetDirectoryName(settings.File)))
        {
            reader.Wrong(FileName, settings.File, "its folder does not exist; make it, or name another file");
        }

        if (settings is { Mode: not NoteMode.Off, Output: DecisionLogOutput.Otlp } && !hasReceiver)
        {
            reader.Wrong(Output, "otlp", "name the receiver with Telemetry:Endpoint");
        }

        return settings;
    }

    private static void Refuse(SettingsReader reader, IEnumerable<string> names, string condition)
    {
        foreach (string unused in names.Where(name => reader.Text(name) is not null))
        {
            reader.Problems.Add($"{unused} is only read where {condition}: write that too, or remove this.");
        }
    }
}
