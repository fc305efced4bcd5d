using Decision.Server.Configuration;

namespace Decision.Server.Tls;

/// <summary>Reads the settings of <c>Server:Tls</c>.</summary>
internal static class TlsSettingsReader
{
    private const string CertificateFile = "Server:Tls:CertificateFile";
    private const string KeyFile = "Server:Tls:KeyFile";
    private const string ClientCaFile = "Server:Tls:ClientCaFile";
    private const string Addresses = "Server:Tls:Addresses";
    private const string ClientAddresses = "Server:Tls:ClientCertificateAddresses";

    public static TlsSettings Read(SettingsReader reader, IConfiguration configuration)
    {
        string certificate = reader.FilePath(CertificateFile) ?? "";
        string key = reader.FilePath(KeyFile) ?? "";
        string clientCa = reader.FilePath(ClientCaFile) ?? "";
        if (certificate.Length > 0 != key.Length > 0)
        {
            reader.Problems.Add(certificate.Length > 0
                ? $"{CertificateFile} is set and {KeyFile} is not: name the PEM file of the certificate's private key too."
                : $"{KeyFile} is set and {CertificateFile} is not: name the PEM file of the certificate too.");
        }

        // Endpoints of the platform's own section bring their own certificates.
        bool hasTls = certificate.Length > 0 || key.Length > 0 || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();
        if (clientCa.Length > 0 && !hasTls)
        {
            reader.Problems.Add($"{ClientCaFile} is set and {CertificateFile} is not: clients show certificates only over TLS. Set that and {KeyFile} too.");
        }

        var addresses = Names(reader, Addresses, certificate.Length > 0, $"{CertificateFile} is not set", TlsSettings.AddressNames);
        var clients = Names(reader, ClientAddresses, clientCa.Length > 0, $"{ClientCaFile} is not set", addresses);
        foreach (string name in clients.Where(name => !addresses.Contains(name)))
        {
            reader.Wrong(ClientAddresses, name, $"it is not among {Addresses}; clients show certificates only over TLS");
        }

        return new TlsSettings(certificate, key, clientCa, addresses, clients);
    }

    private static HashSet<string> Names(
        SettingsReader reader, string setting, bool isUsed, string whyNot, IReadOnlyCollection<string> otherwise)
    {
        if (reader.List(setting) is not { } written)
        {
            return isUsed ? [.. otherwise] : [];
        }

        if (!isUsed)
        {
            reader.Problems.Add($"{setting} is set and means nothing: {whyNot}.");
        }

        var names = new HashSet<string>();
        foreach (string name in written)
        {
            if (TlsSettings.AddressNames.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } known)
            {
                names.Add(known);
            }
            else
            {
                reader.Wrong(setting, name, $"write some of {string.Join(", ", TlsSettings.AddressNames)}");
            }
        }

        return names;
    }
}
