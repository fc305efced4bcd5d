using System.Buffers;
using System.Text;

namespace Decision.Server.Proxies.Headers;

/// <summary>Texts of people as values of headers.</summary>
internal static class HeaderText
{
    // Visible ASCII and the blank, without the percent sign that begins an escape.
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !\"#$&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    private static readonly SearchValues<char> PlainInList = SearchValues.Create(
        "!\"#$&'()*+-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    private static readonly SearchValues<char> PlainInQuotes = SearchValues.Create(
        " !#$&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>As <see cref="Encode"/>, quotes and backslashes too: for proxies that put it into JSON as it is.</summary>
    public static string EncodeQuotable(string text) => text.AsSpan().ContainsAnyExcept(PlainInQuotes) ? Escape(text, PlainInQuotes) : text;

    /// <summary>The text with what a header cannot hold, line breaks above all, as percent escapes of its UTF-8 bytes; <c>%</c> is <c>%25</c>.</summary>
    public static string Encode(string text) => text.AsSpan().ContainsAnyExcept(Plain) ? Escape(text, Plain) : text;

    /// <summary>The texts separated by commas; a comma or blank within one is escaped.</summary>
    public static string EncodeList(IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return "";
        }

        string[] encoded = new string[texts.Count];
        for (int index = 0; index < encoded.Length; index++)
        {
            string text = texts[index];
            encoded[index] = text.AsSpan().ContainsAnyExcept(PlainInList) ? Escape(text, PlainInList) : text;
        }

        return string.Join(',', encoded);
    }

    private static string Escape(string text, SearchValues<char> plain)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (byte each in Encoding.UTF8.GetBytes(text))
        {
            if (each < 0x80 && plain.Contains((char)each))
            {
                escaped.Append((char)each);
            }
            else
            {
                escaped.Append('%').Append(Convert.ToHexString([each]));
            }
        }

        return escaped.ToString();
    }
}
