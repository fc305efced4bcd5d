using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Decision.Server.Grpc.Admin;

/// <summary>The fields that one update changes.</summary>
/// <param name="fields">The fields.</param>
/// <param name="isNamed">Whether the caller named each of them; false for <c>*</c> and for an absent mask.</param>
internal sealed class UpdateMask(IReadOnlyCollection<FieldDescriptor> fields, bool isNamed)
{
    /// <summary>Whether the field is changed.</summary>
    public bool Changes(string field) => fields.Any(one => one.Name == field);

    /// <summary>Whether any of them is changed.</summary>
    public bool ChangesAny(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (Changes(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the caller named the field.</summary>
    public bool Names(string field) => isNamed && Changes(field);

    /// <summary>What is stored, with the changed fields as sent; one without a value is emptied.</summary>
    public T Apply<T>(T stored, T sent)
        where T : IMessage<T>
    {
        var merged = stored.Clone();
        foreach (var field in fields)
        {
            field.Accessor.Clear(merged);
            object value = field.Accessor.GetValue(sent);
            if (field.IsMap)
            {
                var target = (IDictionary)field.Accessor.GetValue(merged);
                foreach (DictionaryEntry entry in (IDictionary)value)
                {
                    target.Add(entry.Key, entry.Value);
                }
            }
            else if (field.IsRepeated)
            {
                var target = (IList)field.Accessor.GetValue(merged);
                foreach (object item in (IList)value)
                {
                    target.Add(item);
                }
            }
            else if (!field.HasPresence || field.Accessor.HasValue(sent))
            {
                field.Accessor.SetValue(merged, value);
            }
        }

        return merged;
    }
}
