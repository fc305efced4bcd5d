using System.Globalization;

namespace Decision.Engine.Json;

/// <summary>Reads JSON numbers exactly, or says why not. A number that would silently become another one is refused.</summary>
internal static class JsonNumber
{
    /// <summary>
    /// The whole number that the text stands for, however it is written: <c>1000</c>, <c>1e3</c> and <c>1000.0</c> are the same.
    /// </summary>
    /// <returns>Null, or what is wrong with it.</returns>
    public static string? ReadInteger(string text, out long value)
    {
        value = 0;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
        {
            return null;
        }

        var isNegative = text[0] == '-';
        var exponentAt = text.IndexOfAny(['e', 'E']);
        var mantissa = text.AsSpan(isNegative ? 1 : 0, (exponentAt < 0 ? text.Length : exponentAt) - (isNegative ? 1 : 0));
        var pointAt = mantissa.IndexOf('.');
        var digits = pointAt < 0 ? mantissa.ToString() : string.Concat(mantissa[..pointAt], mantissa[(pointAt + 1)..]);
        var fractionDigits = pointAt < 0 ? 0 : mantissa.Length - pointAt - 1;
        var significant = digits.Trim('0');
        if (significant.Length == 0)
        {
            return null;
        }

        var trailingZeros = digits.Length - digits.AsSpan().TrimEnd('0').Length;
        var zeros = ReadExponent(exponentAt < 0 ? [] : text.AsSpan(exponentAt + 1)) - fractionDigits + trailingZeros;
        if (zeros < 0)
        {
            return "is not a whole number";
        }

        const int LongestInteger = 19;
        if (zeros + significant.Length > LongestInteger)
        {
            return "is out of range";
        }

        var whole = (isNegative ? "-" : "") + significant + new string('0', (int)zeros);
        return long.TryParse(whole, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) ? null : "is out of range";
    }

    /// <summary>The number that the text stands for.</summary>
    /// <returns>Null, or what is wrong with it.</returns>
    public static string? ReadNumber(string text, out double value)
    {
        value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(value))
        {
            value = 0;
            return "is out of range";
        }

        if (value == 0)
        {
            // Minus zero is zero; but a number too small to be told from zero must not become "not set".
            value = 0;
            var exponentAt = text.IndexOfAny(['e', 'E']);
            return text.AsSpan(0, exponentAt < 0 ? text.Length : exponentAt).ContainsAnyInRange('1', '9') ? "is out of range" : null;
        }

        return null;
    }

    private static long ReadExponent(ReadOnlySpan<char> text)
    {
        // Beyond any exponent that matters, and far from overflow.
        const long Limit = int.MaxValue;
        if (text.IsEmpty)
        {
            return 0;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent))
        {
            return Math.Clamp(exponent, -Limit, Limit);
        }

        return text[0] == '-' ? -Limit : Limit;
    }
}
