using Decision.Server.Configuration;

namespace Decision.Server.Demo;

/// <summary>The sample policies and APIs, copied where they may be edited.</summary>
internal static class DemoSamples
{
    private const string Policies = "policies.json";
    private const string Apis = "apis.json";

    /// <summary>The settings with the samples as their file layer; the samples are copied at the first demo and then left alone.</summary>
    /// <exception cref="SettingsException">They cannot be copied.</exception>
    public static ServerSettings Add(ServerSettings settings, DataFolder data)
    {
        data.Make();
        string folder = Path.Combine(settings.DataPath, "demo");
        try
        {
            Directory.CreateDirectory(folder);
            foreach (string name in (string[])[Policies, Apis])
            {
                string copy = Path.Combine(folder, name);
                if (!File.Exists(copy))
                {
                    Copy(name, copy);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(
                $"The samples of --demo cannot be copied to {folder}: {exception.Message.TrimEnd('.')}. Set Data:Path to a folder that the server's user may write to.");
        }

        return settings with { PolicyFile = Path.Combine(folder, Policies), ApiFile = Path.Combine(folder, Apis) };
    }

    private static void Copy(string name, string file)
    {
        using var sample = typeof(DemoSamples).Assembly.GetManifestResourceStream("Samples/" + name)!;

        // Written beside and moved into place: half a sample would be taken for a whole one at the next demo.
        string draft = file + ".draft";
        using (var copy = File.Create(draft))
        {
            sample.CopyTo(copy);
        }

        File.Move(draft, file);
    }
}
