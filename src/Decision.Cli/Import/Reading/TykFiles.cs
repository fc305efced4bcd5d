using System.Text.Json;
using Decision.Cli.Failures;
using Decision.Cli.Sources;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Paths;

namespace Decision.Cli.Import.Reading;

/// <summary>Reads Tyk's files: policies, API definitions, an export of keys; or a folder with any of them.</summary>
internal static class TykFiles
{
    /// <summary>Reads a file or a folder.</summary>
    /// <exception cref="CommandException">A file is broken, or holds nothing that is known.</exception>
    public static TykMaterial Read(string path)
    {
        var material = new TykMaterial();
        if (Directory.Exists(path))
        {
            string[] files = [.. Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
            if (files.Length == 0)
            {
                throw CommandException.WrongUse($"{path} has no .json files: name Tyk's policies.json, its folder of policies or of API definitions, or an export of keys.");
            }

            foreach (string file in files)
            {
                ReadFile(file, material);
            }
        }
        else if (File.Exists(path))
        {
            ReadFile(path, material);
        }
        else
        {
            throw CommandException.WrongUse($"{path} does not exist: name a file, a folder, or the address of a gateway, such as http://127.0.0.1:8080.");
        }

        return material;
    }

    private static void ReadFile(string file, TykMaterial material)
    {
        byte[] utf8;
        try
        {
            utf8 = File.ReadAllBytes(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw CommandException.WrongUse($"{file} cannot be read: {unreadable.Message}");
        }

        var findings = new FindingList();
        using var document = JsonSource.Parse(utf8, file, findings);
        if (document is null)
        {
            throw CommandException.WrongUse(findings[0].ToString());
        }

        var root = document.RootElement;
        switch (TykKinds.Of(root))
        {
            case TykKind.Policies:
                material.Add(PolicyFile.Read(utf8, file, material.PolicyFindings, UrlMatching.Segments), file);
                break;
            case TykKind.Apis:
                var apis = root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : new[] { root };
                material.Apis.AddRange(apis.Select(api => new TykApi(file, api.Clone())));
                break;
            case TykKind.Keys:
                material.Keys.AddRange(root.EnumerateObject().Select(key => OfExport(file, key.Name, key.Value.Clone())));
                break;
            default:
                throw CommandException.WrongUse(
                    $"{file} is neither policies (an object id -> policy, one policy, or an array), nor API definitions (with api_id and proxy), "
                    + "nor an export of keys (an object key -> session): name the file that holds one of them.");
        }
    }

    // Redis has keys with this before them; and where keys are hashed there, an export has the hash for a name.
    private static TykKey OfExport(string file, string name, JsonElement session)
    {
        string text = name.StartsWith("apikey-", StringComparison.Ordinal) ? name["apikey-".Length..] : name;
        return TykToken.LooksLikeHash(text) ? new TykKey(file, null, text, session) : new TykKey(file, text, null, session);
    }
}
