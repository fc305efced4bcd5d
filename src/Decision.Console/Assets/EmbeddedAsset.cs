using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Decision.Console.Assets;

/// <summary>A file that the assembly has inside.</summary>
internal sealed class EmbeddedAsset
{
    private const string Prefix = "assets/";

    private static readonly FrozenDictionary<string, Lazy<EmbeddedAsset>> All = typeof(EmbeddedAsset).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..], name => new Lazy<EmbeddedAsset>(() => Load(name)), StringComparer.Ordinal);

    private readonly Lazy<byte[]> _packed;

    private EmbeddedAsset(byte[] content, string contentType)
    {
        Content = content;
        ContentType = contentType;
        Hash = Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8));
        _packed = new Lazy<byte[]>(() => Pack(content));
    }

    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>The same in Brotli.</summary>
    public ReadOnlyMemory<byte> Packed => _packed.Value;

    public string ContentType { get; }

    public string Hash { get; }

    /// <summary>The file of a name; null = there is none.</summary>
    public static EmbeddedAsset? Find(string name) => All.TryGetValue(name, out var asset) ? asset.Value : null;

    /// <summary>Its address, relative to the console.</summary>
    public static string PathOf(string name) =>
        Find(name) is { } asset ? $"assets/{asset.Hash}/{name}" : throw new ArgumentException($"There is no asset {name}.", nameof(name));

    private static EmbeddedAsset Load(string resource)
    {
        using var stream = typeof(EmbeddedAsset).Assembly.GetManifestResourceStream(resource)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new EmbeddedAsset(content, Path.GetExtension(resource) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        });
    }

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            brotli.Write(content);
        }

        return packed.ToArray();
    }
}
