using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Decision.Engine.Credentials;
using Decision.Engine.Keys;
using Decision.Runtime.Stores;

namespace Decision.Console.Tests;

/// <summary>An export with many keys, as the server's <c>import</c> takes it.</summary>
internal static class KeyFile
{
    public static async Task WriteAsync(string path, int keys)
    {
        await using var file = File.Create(path);
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await LineAsync("""{"kind":"header","format":1,"exported_at":"2026-01-01T00:00:00+00:00","kinds":["api","policy","organization","usage","key"]}""");
        string[] ids = [.. Enumerable.Range(0, keys).Select(_ => KeyToken.CreateId(RandomNumberGenerator.GetBytes(KeyToken.IdRandomLength))).Order(StringComparer.Ordinal)];
        for (int number = 0; number < keys; number++)
        {
            var record = new KeyRecord
            {
                Key = new Key { Id = ids[number], OrganizationId = "acme", Alias = string.Create(CultureInfo.InvariantCulture, $"client-{number}"), ApplyPolicies = ["gold"], DateCreatedUs = 1 },
                Hashes = [new KeyHash(KeyHashScheme.Sha256, [.. RandomNumberGenerator.GetBytes(KeyHash.ByteLength)])],
                Version = (ulong)number + 1,
            };
            await LineAsync($$"""{"kind":"key","record":{{Encoding.UTF8.GetString(KeyRecordFormat.Write(record))}}}""");
        }

        string hash = Convert.ToHexStringLower(sum.GetCurrentHash());
        await LineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"kind":"trailer","apis":0,"policies":0,"organizations":0,"usage":0,"keys":{{keys}},"revisions":0,"sha256":"{{hash}}"}"""));

        async Task LineAsync(string line)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(line + "\n");
            sum.AppendData(bytes);
            await file.WriteAsync(bytes);
        }
    }
}
