namespace Decision.Server.Wire;

/// <summary>Reads a protobuf message field by field, without making its objects. Whatever is malformed is a <see cref="FormatException"/>.</summary>
internal ref struct ProtoReader(byte[] message, int start, int end)
{
    private const int WireVarint = 0;
    private const int WireFixed64 = 1;
    private const int WireLengthDelimited = 2;
    private const int WireFixed32 = 5;
    private const int BitsOfWireType = 3;
    private const int BitsOfVarint = 64;

    private int _at = start;
    private int _wireType;

    /// <summary>The field that was read last.</summary>
    public int Field { get; private set; }

    /// <summary>Goes to the next field; false = that was the last one.</summary>
    public bool Next()
    {
        if (_at == end)
        {
            return false;
        }

        ulong tag = Varint();
        Field = (int)(tag >> BitsOfWireType);
        _wireType = (int)(tag & 7);
        return Field > 0 ? true : throw new FormatException("a field has the number 0");
    }

    /// <summary>The inner message, bytes or text of this field.</summary>
    public ProtoSpan Span()
    {
        if (_wireType != WireLengthDelimited)
        {
            throw new FormatException($"field {Field} is not of the type that it should be");
        }

        ulong length = Varint();
        if (length > (ulong)(end - _at))
        {
            throw new FormatException("it ends within a field");
        }

        var span = new ProtoSpan(_at, (int)length);
        _at += span.Length;
        return span;
    }

    /// <summary>A reader of the inner message of this field.</summary>
    public ProtoReader Inner()
    {
        var span = Span();
        return new ProtoReader(message, span.Start, span.Start + span.Length);
    }

    /// <summary>The text of this field. What is no UTF-8 becomes replacement characters, which no key and no path has.</summary>
    public string Text() => Span().Text(message);

    /// <summary>Goes over this field.</summary>
    public void Skip()
    {
        switch (_wireType)
        {
            case WireVarint:
                Varint();
                break;
            case WireFixed64:
                Go(sizeof(long));
                break;
            case WireLengthDelimited:
                Span();
                break;
            case WireFixed32:
                Go(sizeof(int));
                break;
            default:
                throw new FormatException($"field {Field} is of a type that nobody writes");
        }
    }

    private void Go(int bytes)
    {
        if (end - _at < bytes)
        {
            throw new FormatException("it ends within a field");
        }

        _at += bytes;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < BitsOfVarint; shift += 7)
        {
            if (_at == end)
            {
                throw new FormatException("it ends within a number");
            }

            byte next = message[_at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next <= 0x7F)
            {
                return value;
            }
        }

        throw new FormatException("a number is longer than any can be");
    }
}
