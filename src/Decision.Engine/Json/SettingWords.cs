namespace Decision.Engine.Json;

/// <summary>The words of one setting, as JSON and protobuf write them.</summary>
public sealed class SettingWords<T>
    where T : struct, Enum
{
    private readonly (string Word, T Value)[] _words;

    internal SettingWords(params (string Word, T Value)[] words) => _words = words;

    /// <summary>The value of a word, which must be written exactly; false when there is no such word.</summary>
    public bool TryParse(string text, out T value)
    {
        foreach (var (word, meaning) in _words)
        {
            if (word == text)
            {
                value = meaning;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>The word of a value; empty for null.</summary>
    public string Format(T? value)
    {
        foreach (var (word, meaning) in _words)
        {
            if (value is { } wanted && EqualityComparer<T>.Default.Equals(meaning, wanted))
            {
                return word;
            }
        }

        return "";
    }

    /// <summary>The sentence of a finding about a word that is none of these.</summary>
    public string Problem(string text) =>
        $"expected one of {string.Join(", ", _words.Select(word => word.Word))}, got {JsonText.Quote(text)}.";
}
