using System.Globalization;

namespace Decision.Server.Configuration;

/// <summary>Reads typed values and collects what is wrong, so that all problems come at once.</summary>
internal sealed class SettingsReader(IConfigurationRoot configuration)
{
    public List<string> Problems { get; } = [];

    /// <summary>The text; null = not set. Empty counts as not set.</summary>
    public string? Text(string name) => configuration[name] is { Length: > 0 } text ? text : null;

    /// <summary>A list, as a JSON array or as one text with commas; null = not set.</summary>
    public IReadOnlyList<string>? List(string name)
    {
        string[] items = [.. configuration.GetSection(name).GetChildren().Select(item => item.Value ?? "")];
        return items.Length > 0 ? items
            : Text(name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    public T Word<T>(string name, T otherwise, params (string Word, T Value)[] words)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        foreach (var (word, value) in words)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        Wrong(name, text, $"write {string.Join(" or ", words.Select(word => word.Word))}");
        return otherwise;
    }

    public bool Flag(string name, bool otherwise) => Word(name, otherwise, ("true", true), ("false", false));

    public long Whole(string name, long otherwise, long smallest, long largest)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            && number >= smallest && number <= largest)
        {
            return number;
        }

        Wrong(name, text, string.Create(CultureInfo.InvariantCulture, $"write a whole number from {smallest} to {largest}"));
        return otherwise;
    }

    public TimeSpan Duration(string name, TimeSpan otherwise, TimeSpan largest, TimeSpan smallest = default)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        if (!DurationText.TryParse(text, out var duration))
        {
            Wrong(name, text, DurationText.Forms);
            return otherwise;
        }

        if (duration < smallest || duration > largest)
        {
            Wrong(name, text, string.Create(CultureInfo.InvariantCulture, $"write {smallest:c} to {largest:c}"));
            return otherwise;
        }

        return duration;
    }

    /// <summary>A path. A relative one starts at the folder of the file that names it, or at the working folder where no file does.</summary>
    public string? FilePath(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        try
        {
            return Path.GetFullPath(text, FolderOf(name));
        }
        catch (ArgumentException)
        {
            Wrong(name, text.Replace('\0', '?'), "write the path of a file or folder");
            return null;
        }
    }

    public void Wrong(string name, string value, string fix) => Problems.Add($"{name} is '{value}': {fix}.");

    private string FolderOf(string name)
    {
        // The last provider that has the value is the one that counts.
        foreach (var provider in configuration.Providers.Reverse())
        {
            if (provider.TryGet(name, out _))
            {
                return provider is FileConfigurationProvider { Source: { FileProvider: { } files, Path: { } path } }
                    && files.GetFileInfo(path).PhysicalPath is { } file
                    && Path.GetDirectoryName(file) is { } folder
                    ? folder
                    : Directory.GetCurrentDirectory();
            }
        }

        return Directory.GetCurrentDirectory();
    }
}
