using Decision.Cli.Failures;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Decision.Cli.Records;

/// <summary>A record and the fields of it that a command line sets.</summary>
internal sealed class RecordChange<T>(T record)
    where T : IMessage<T>
{
    private readonly SortedSet<string> _fields = new(StringComparer.Ordinal);

    public T Record { get; } = record;

    /// <summary>Whether anything was set.</summary>
    public bool HasAny => _fields.Count > 0;

    /// <summary>Whether every field counts, as of a file.</summary>
    public bool IsWhole { get; init; }

    /// <summary>What to send as <c>update_mask</c>.</summary>
    /// <exception cref="CommandException">There is nothing to change.</exception>
    public FieldMask Mask => IsWhole ? new FieldMask { Paths = { "*" } }
        : HasAny ? new FieldMask { Paths = { _fields } }
        : throw CommandException.WrongUse("There is nothing to change: name a field by its option, or give a file with -f.");

    /// <summary>Sets a field to a value.</summary>
    public void Set(string field, object value)
    {
        Find(field).Accessor.SetValue(Record, value);
        _fields.Add(field);
    }

    /// <summary>Sets a repeated field of texts.</summary>
    public void SetAll(string field, IEnumerable<string> values)
    {
        string[] all = [.. values];
        var list = (System.Collections.IList)Find(field).Accessor.GetValue(Record);
        list.Clear();
        foreach (string value in all)
        {
            list.Add(value);
        }

        _fields.Add(field);
    }

    /// <summary>The texts of a repeated field.</summary>
    public IReadOnlyList<string> Texts(string field) => [.. ((System.Collections.IList)Find(field).Accessor.GetValue(Record)).Cast<string>()];

    /// <summary>Says that a field was changed in <see cref="Record"/> itself.</summary>
    public void Touch(string field) => _fields.Add(field);

    private FieldDescriptor Find(string field) =>
        Record.Descriptor.FindFieldByName(field) ?? throw new ArgumentException($"{Record.Descriptor.Name} has no field {field}.", nameof(field));
}
