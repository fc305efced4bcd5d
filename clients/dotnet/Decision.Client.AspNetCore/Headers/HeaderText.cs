using System.Buffers;
using System.Text;

namespace Decision.Client.AspNetCore.Headers;

/// <summary>Texts of people as values of headers: what a header cannot hold becomes percent escapes of its UTF-8 bytes, and <c>%</c> is <c>%25</c>.</summary>
internal static class HeaderText
{
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !\"#$&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    // Of one text in a list: also without what separates them.
    private static readonly SearchValues<char> PlainInList = SearchValues.Create(
        "!\"#$&'()*+-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    public static string Encode(string text) => Escape(text, Plain);

    /// <summary>The texts separated by commas.</summary>
    public static string EncodeList(IReadOnlyList<string> texts) => string.Join(',', texts.Select(text => Escape(text, PlainInList)));

    private static string Escape(string text, SearchValues<char> plain)
    {
        if (!text.AsSpan().ContainsAnyExcept(plain))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        foreach (byte each in Encoding.UTF8.GetBytes(text))
        {
            _ = plain.Contains((char)each) ? escaped.Append((char)each) : escaped.Append('%').Append(Convert.ToHexString([each]));
        }

        return escaped.ToString();
    }
}
