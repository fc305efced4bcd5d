using Decision.Server.Wire;
using Google.Protobuf.WellKnownTypes;

namespace Decision.Server.Proxies.Envoy;

/// <summary>Writes the fields of a <c>google.protobuf.Struct</c>; their names are UTF-8.</summary>
internal readonly struct StructWriter(ProtoWriter writer)
{
    // An entry of a map is a message: key = 1, value = 2.
    private const int EntryKey = 1;
    private const int EntryValue = 2;

    public void Text(ReadOnlySpan<byte> name, string text)
    {
        var (entry, value) = Begin(name);
        writer.Text(Value.StringValueFieldNumber, text);
        End(entry, value);
    }

    public void Number(ReadOnlySpan<byte> name, double number)
    {
        var (entry, value) = Begin(name);
        writer.Double(Value.NumberValueFieldNumber, number);
        End(entry, value);
    }

    public void Flag(ReadOnlySpan<byte> name, bool flag)
    {
        var (entry, value) = Begin(name);
        writer.Flag(Value.BoolValueFieldNumber, flag);
        End(entry, value);
    }

    public void Struct(ReadOnlySpan<byte> name, Struct message)
    {
        var (entry, value) = Begin(name);
        writer.Message(Value.StructValueFieldNumber, message);
        End(entry, value);
    }

    public void Texts(ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        var (entry, value) = Begin(name);
        int list = writer.Begin(Value.ListValueFieldNumber);
        for (int index = 0; index < texts.Count; index++)
        {
            int item = writer.Begin(ListValue.ValuesFieldNumber);
            writer.Text(Value.StringValueFieldNumber, texts[index]);
            writer.End(item);
        }

        writer.End(list);
        End(entry, value);
    }

    /// <summary>A list of structs, each written by the same function.</summary>
    public void Structs<T>(ReadOnlySpan<byte> name, IReadOnlyList<T> items, Action<StructWriter, T> write)
    {
        var (entry, value) = Begin(name);
        int list = writer.Begin(Value.ListValueFieldNumber);
        for (int index = 0; index < items.Count; index++)
        {
            int item = writer.Begin(ListValue.ValuesFieldNumber);
            int inner = writer.Begin(Value.StructValueFieldNumber);
            write(this, items[index]);
            writer.End(inner);
            writer.End(item);
        }

        writer.End(list);
        End(entry, value);
    }

    private (int Entry, int Value) Begin(ReadOnlySpan<byte> name)
    {
        int entry = writer.Begin(Google.Protobuf.WellKnownTypes.Struct.FieldsFieldNumber);
        writer.Bytes(EntryKey, name);
        return (entry, writer.Begin(EntryValue));
    }

    private void End(int entry, int value)
    {
        writer.End(value);
        writer.End(entry);
    }
}
