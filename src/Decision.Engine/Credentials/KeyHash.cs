using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Decision.Engine.Credentials;

/// <summary>One stored hash of a key. A key has one, or two while a rotation overlaps.</summary>
public sealed record KeyHash
{
    /// <summary>Bytes of a hash, in every scheme.</summary>
    public const int ByteLength = 32;

    /// <param name="scheme">How the hash was made.</param>
    /// <param name="value">The hash, <see cref="ByteLength"/> bytes.</param>
    /// <param name="endsAtUs">When it stops counting, in microseconds since the Unix epoch; null = never.</param>
    /// <exception cref="ArgumentException">An unknown scheme or another length.</exception>
    public KeyHash(KeyHashScheme scheme, ImmutableArray<byte> value, long? endsAtUs = null)
    {
        if (!Enum.IsDefined(scheme))
        {
            throw new ArgumentException($"The hash scheme {(byte)scheme} is not known.", nameof(scheme));
        }

        if (value.IsDefault || value.Length != ByteLength)
        {
            throw new ArgumentException($"A key's hash has {ByteLength} bytes, not {(value.IsDefault ? 0 : value.Length)}.", nameof(value));
        }

        Scheme = scheme;
        Value = value;
        EndsAtUs = endsAtUs;
    }

    public KeyHashScheme Scheme { get; }

    public ImmutableArray<byte> Value { get; }

    /// <value>Microseconds since the Unix epoch from which on the hash no longer counts; null = it has no end.</value>
    public long? EndsAtUs { get; init; }

    /// <summary>Whether the hash still admits at this moment: before its end.</summary>
    public bool IsLiveAt(long nowUs) => EndsAtUs is not { } end || nowUs < end;

    /// <summary>The hash as 64 lower-case hexadecimal digits. Scheme and end are kept beside it.</summary>
    public string ToText() => Convert.ToHexStringLower(Value.AsSpan());

    /// <summary>Reads what <see cref="ToText"/> wrote; upper-case digits are read too.</summary>
    /// <exception cref="FormatException">The text is not 64 hexadecimal digits.</exception>
    /// <exception cref="ArgumentException">An unknown scheme.</exception>
    public static KeyHash Parse(KeyHashScheme scheme, ReadOnlySpan<char> text, long? endsAtUs = null)
    {
        byte[] value = new byte[ByteLength];
        if (text.Length != ByteLength * 2
            || Convert.FromHexString(text, value, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            throw new FormatException($"A key's hash is {ByteLength * 2} hexadecimal digits; the text has {text.Length} characters or others among them.");
        }

        return new KeyHash(scheme, ImmutableArray.Create(value), endsAtUs);
    }

    public bool Equals(KeyHash? other) =>
        other is not null && Scheme == other.Scheme && EndsAtUs == other.EndsAtUs
        && CryptographicOperations.FixedTimeEquals(Value.AsSpan(), other.Value.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Scheme, EndsAtUs, BitConverter.ToInt32(Value.AsSpan()));

    // A record prints its members; the hash itself has no place in a log.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Scheme = ").Append(Scheme).Append(", EndsAtUs = ").Append(EndsAtUs);
        return true;
    }
}
