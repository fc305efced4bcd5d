using System.Text;
using System.Text.Json;
using Decision.Cli.Failures;
using Decision.Cli.Values;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Google.Protobuf;

namespace Decision.Cli.Records;

/// <summary>
/// Reads records from files: what this tool writes with <c>--output json</c>, what the server's policy and API files hold, and what Tyk
/// writes. A file has one record, an object of records by id, or an array of records.
/// </summary>
internal static class RecordFile
{
    /// <summary>The records of a file, in its order, checked; warnings are told.</summary>
    /// <param name="path">A file, or <c>-</c> for standard input.</param>
    /// <param name="kind">What they are.</param>
    /// <param name="session">Where warnings go.</param>
    /// <exception cref="RecordFileException">With every finding.</exception>
    /// <exception cref="CommandException">It cannot be read.</exception>
    public static IReadOnlyList<T> Read<T>(string path, RecordKind<T> kind, Session session)
        where T : IMessage<T>
    {
        string name = path == InputFile.StandardInput ? "standard input" : path;
        var findings = new FindingList();
        var records = Parse(InputFile.ReadText(path, session.Shell), name, kind, findings);
        if (findings.HasErrors)
        {
            throw new RecordFileException(findings);
        }

        foreach (var finding in findings)
        {
            session.Output.Note($"warning: {finding}");
        }

        return records;
    }

    /// <summary>The same for a file that must hold exactly one record.</summary>
    public static T ReadOne<T>(string path, RecordKind<T> kind, Session session)
        where T : IMessage<T> => Read(path, kind, session) is [var only]
        ? only
        : throw CommandException.WrongUse($"{path} must hold exactly one {kind.Noun}.");

    /// <summary>The records of a text; with errors among the findings it is not whole.</summary>
    public static IReadOnlyList<T> Parse<T>(string text, string name, RecordKind<T> kind, FindingList findings)
        where T : IMessage<T>
    {
        using var source = JsonSource.Parse(Encoding.UTF8.GetBytes(text), name, findings);
        var records = new List<T>();
        switch (source?.RootElement.ValueKind)
        {
            case null:
                break;
            case JsonValueKind.Array:
                int index = 0;
                foreach (var item in source.RootElement.EnumerateArray())
                {
                    Add(item, null, $"{name}: [{index++}] ");
                }

                break;
            case JsonValueKind.Object when !IsOneRecord(source.RootElement, kind.ObjectFields):
                foreach (var item in source.RootElement.EnumerateObject())
                {
                    Add(item.Value, item.Name, $"{name}: ");
                }

                break;
            default:
                Add(source!.RootElement, null, $"{name}: ");
                break;
        }

        return records;

        void Add(JsonElement json, string? id, string prefix)
        {
            if (ReadRecord(json, id, prefix, kind, findings) is { } record)
            {
                records.Add(record);
            }
        }
    }

    private static T? ReadRecord<T>(JsonElement json, string? outerId, string prefix, RecordKind<T> kind, FindingList findings)
        where T : IMessage<T> => RecordForm.Of(json, outerId, prefix, kind, findings) is { } record ? kind.Parse(record) : default;

    private static bool IsOneRecord(JsonElement root, IReadOnlyList<string> objectFields)
    {
        bool hasFields = false;
        bool hasOthers = false;
        foreach (var member in root.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Object)
            {
                return true;
            }

            bool isField = objectFields.Contains(member.Name);
            hasFields |= isField;
            hasOthers |= !isField;
        }

        return !hasOthers || hasFields;
    }
}
