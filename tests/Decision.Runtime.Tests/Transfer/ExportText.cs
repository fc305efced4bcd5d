using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Decision.Runtime.Tests.Transfer;

/// <summary>An export as lines that a test changes.</summary>
internal sealed class ExportText(byte[] bytes)
{
    public List<string> Lines { get; } = [.. Encoding.UTF8.GetString(bytes).Split('\n')[..^1]];

    public byte[] Bytes => Encoding.UTF8.GetBytes(string.Concat(Lines.Select(line => line + "\n")));

    /// <summary>The number of the first line that contains the text, from 1.</summary>
    public int NumberOf(string text) => 1 + Lines.FindIndex(line => line.Contains(text, StringComparison.Ordinal));

    public ExportText Edit(int number, string before, string after)
    {
        Assert.Contains(before, Lines[number - 1], StringComparison.Ordinal);
        Lines[number - 1] = Lines[number - 1].Replace(before, after, StringComparison.Ordinal);
        return this;
    }

    /// <summary>Makes checksum and counts right again, as another program that writes the format would.</summary>
    public ExportText Sign()
    {
        string before = string.Concat(Lines[..^1].Select(line => line + "\n"));
        JsonObject trailer = JsonNode.Parse(Lines[^1])!.AsObject();
        trailer["sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(before)));
        trailer["usage"] = Lines.Count(line => line.Contains("\"kind\":\"usage\"", StringComparison.Ordinal));
        trailer["keys"] = Lines.Count(line => line.Contains("\"kind\":\"key\"", StringComparison.Ordinal));
        Lines[^1] = trailer.ToJsonString();
        return this;
    }
}
