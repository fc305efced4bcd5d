using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Runtime.Administration;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Decision.Server.Grpc.Admin;

/// <summary>Which fields of a message an update may change.</summary>
/// <param name="message">The message.</param>
/// <param name="fixedFields">Set once, at the creation.</param>
/// <param name="answers">Answers, which nobody writes.</param>
/// <param name="namedOnly">Changed only by a mask that names them: <c>*</c> leaves them.</param>
internal sealed class UpdatableFields(MessageDescriptor message, string[] fixedFields, string[] answers, params string[] namedOnly)
{
    private const string Mask = "update_mask";
    private const string All = "*";

    private readonly FieldDescriptor[] _fields =
        [.. message.Fields.InDeclarationOrder().Where(field => !fixedFields.Contains(field.Name) && !answers.Contains(field.Name))];

    /// <summary>The fields that an update changes.</summary>
    /// <exception cref="AdministrationException">With all that is wrong in the mask.</exception>
    public UpdateMask Read(FieldMask? mask, IMessage sent)
    {
        if (mask is null || mask.Paths.Count == 0)
        {
            return new UpdateMask([.. _fields.Where(field => !IsEmpty(field, sent))], isNamed: false);
        }

        string[] paths = [.. mask.Paths.Distinct(StringComparer.Ordinal)];
        if (paths is [All])
        {
            return new UpdateMask([.. _fields.Where(field => !namedOnly.Contains(field.Name))], isNamed: false);
        }

        var findings = new FindingList();
        var fields = new List<FieldDescriptor>();
        foreach (string path in paths)
        {
            if (_fields.FirstOrDefault(field => field.Name == path) is { } field)
            {
                fields.Add(field);
            }
            else
            {
                findings.Error("request", Mask, Problem(path));
            }
        }

        return findings.HasErrors ? throw new AdministrationException(findings) : new UpdateMask(fields, isNamed: true);
    }

    private string Problem(string path)
    {
        if (path == All)
        {
            return "\"*\" stands for all fields and only alone: remove it, or the others.";
        }

        if (path.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && message.FindFieldByName(path[..dot]) is { } outer)
        {
            return $"{Quote(path)} is inside of {outer.Name}, and only whole fields are changed: name {outer.Name}, and send all of it.";
        }

        if (fixedFields.Contains(path))
        {
            return $"{Quote(path)} cannot be changed: it names what is changed. Remove it from the mask.";
        }

        if (answers.Contains(path))
        {
            return $"{Quote(path)} is an answer and cannot be written: remove it from the mask.";
        }

        return Suggest(path) is { } meant
            ? $"{Quote(path)} is no field. Did you mean {meant}?"
            : $"{Quote(path)} is no field. Possible are {string.Join(", ", _fields.Select(field => field.Name))}, or * for all.";
    }

    private string? Suggest(string path) =>
        _fields.FirstOrDefault(field => field.JsonName == path || Plain(field.Name) == Plain(path))?.Name
        ?? EditDistance.Nearest(path, _fields.Select(field => field.Name));

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    private static string Quote(string path) => path.Length <= 60 ? $"\"{path}\"" : $"\"{path[..60]}...\"";

    private static bool IsEmpty(FieldDescriptor field, IMessage sent) =>
        field.HasPresence
            ? !field.Accessor.HasValue(sent)
            : field.Accessor.GetValue(sent) switch
            {
                System.Collections.ICollection many => many.Count == 0,
                string text => text.Length == 0,
                bool flag => !flag,
                double number => number == 0,
                long number => number == 0,
                int number => number == 0,
                _ => false,
            };
}
