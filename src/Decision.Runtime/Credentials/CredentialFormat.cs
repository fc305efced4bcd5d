using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Credentials;

/// <summary>A credential as the JSON that is stored.</summary>
internal static class CredentialFormat
{
    private const int Format = 1;

    public static byte[] Write(AdminCredential credential, bool withHash = true)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("format", Format);
            writer.WriteString("id", credential.Id);
            writer.WriteString("name", credential.Name);
            writer.WriteString("description", credential.Description);
            writer.WriteString("role", credential.Role.ToText());
            writer.WriteStartArray("organizations");
            foreach (string organization in credential.Organizations)
            {
                writer.WriteStringValue(organization);
            }

            writer.WriteEndArray();
            if (withHash)
            {
                writer.WriteString("hash", Convert.ToHexStringLower(credential.Hash.AsSpan()));
            }

            writer.WriteNumber("created_us", credential.CreatedAtUs);
            writer.WriteString("created_by", credential.CreatedBy);
            writer.WriteNumber("expires_us", credential.ExpiresAtUs);
            writer.WriteNumber("revoked_us", credential.RevokedAtUs);
            writer.WriteString("revoked_by", credential.RevokedBy);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="StoreException">It is damaged, or of a later format.</exception>
    public static AdminCredential Read(Document document)
    {
        try
        {
            using var json = JsonDocument.Parse(document.Json);
            var root = json.RootElement;
            if (root.GetProperty("format").GetInt32() != Format || AdminRoleText.Read(root.GetProperty("role").GetString()) is not { } role)
            {
                throw Unreadable(document.Id);
            }

            return new AdminCredential
            {
                Id = document.Id,
                Name = root.GetProperty("name").GetString()!,
                Description = root.GetProperty("description").GetString()!,
                Role = role,
                Organizations = [.. root.GetProperty("organizations").EnumerateArray().Select(one => one.GetString()!)],
                Hash = ImmutableArray.Create(Convert.FromHexString(root.GetProperty("hash").GetString()!)),
                CreatedAtUs = root.GetProperty("created_us").GetInt64(),
                CreatedBy = root.GetProperty("created_by").GetString()!,
                ExpiresAtUs = root.GetProperty("expires_us").GetInt64(),
                RevokedAtUs = root.GetProperty("revoked_us").GetInt64(),
                RevokedBy = root.GetProperty("revoked_by").GetString()!,
            };
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Unreadable(document.Id, error);
        }
    }

    private static StoreException Unreadable(string id, Exception? cause = null) =>
        new($"The stored admin credential {id} is damaged, or was written by a newer version of the server.", cause);
}
