namespace Decision.Server.Configuration;

/// <summary>Reads where the server listens.</summary>
internal static class ListenSettingsReader
{
    public static ListenSettings Read(SettingsReader reader, IConfiguration configuration)
    {
        // Endpoints that Kestrel's own section defines (with TLS) take the place of the defaults; else both would claim a port.
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint.Key).ToList();
        bool hasOwn = endpoints.Count > 0;
        var listen = new ListenSettings(
            ReadAddress(reader, "Server:Grpc", hasOwn ? null : "127.0.0.1:50051"),
            ReadAddress(reader, "Server:Http", hasOwn ? null : "127.0.0.1:8088"),
            ReadAddress(reader, "Server:AdminGrpc", null),
            ReadAddress(reader, "Server:AdminHttp", null),
            reader.FilePath("Server:UnixSocket"))
        {
            HasAdminEndpoint = endpoints.Exists(name => name.StartsWith("Admin", StringComparison.OrdinalIgnoreCase)),
        };
        if (!hasOwn && listen is { Grpc: null, Http: null, AdminGrpc: null, AdminHttp: null, UnixSocket: null })
        {
            reader.Problems.Add("The server listens nowhere: set Server:Grpc, Server:Http or Server:UnixSocket.");
        }

        (string Name, ListenAddress? Address)[] addresses =
        [
            ("Server:Grpc", listen.Grpc), ("Server:Http", listen.Http), ("Server:AdminGrpc", listen.AdminGrpc), ("Server:AdminHttp", listen.AdminHttp),
        ];
        for (int later = 1; later < addresses.Length; later++)
        {
            for (int earlier = 0; earlier < later; earlier++)
            {
                if (addresses[later].Address is { Port: > 0 } address && address == addresses[earlier].Address)
                {
                    reader.Wrong(addresses[later].Name, address.ToString(), $"{addresses[earlier].Name} has the same address; give each its own port");
                }
            }
        }

        return listen;
    }

    private static ListenAddress? ReadAddress(SettingsReader reader, string name, string? otherwise)
    {
        string? text = reader.Text(name) ?? otherwise;
        if (text is null || text.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (!ListenAddress.TryParse(text, out var address))
        {
            reader.Wrong(name, text, ListenAddress.Forms);
        }

        return address;
    }
}
