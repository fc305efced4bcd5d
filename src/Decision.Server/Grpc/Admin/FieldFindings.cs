using Decision.Engine.Findings;
using Decision.Engine.Json;

namespace Decision.Server.Grpc.Admin;

/// <summary>What the mapping of one message finds, each with the path of its field inside that message.</summary>
internal sealed class FieldFindings(string subject)
{
    public FindingList List { get; } = [];

    public string Subject => subject;

    public void Error(string path, string message) => List.Error(subject, path, message);

    public void Warn(string path, string message) => List.Warn(subject, path, message);

    /// <summary>A word of a fixed set; empty = null, and so is one that is none of them, with a finding.</summary>
    public T? Word<T>(string text, SettingWords<T> words, string path)
        where T : struct, Enum
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (words.TryParse(text, out var value))
        {
            return value;
        }

        Error(path, words.Problem(text));
        return null;
    }

    /// <summary>A number that no rule looks at, but that must be one.</summary>
    public double Finite(double value, string path)
    {
        if (double.IsFinite(value))
        {
            return value;
        }

        Error(path, "is not a finite number: write one, or 0 for not set.");
        return 0;
    }

    public static string Join(string path, string field) => path.Length == 0 ? field : $"{path}.{field}";
}
