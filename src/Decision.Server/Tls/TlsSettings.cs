namespace Decision.Server.Tls;

/// <summary>Settings of TLS. Paths are full.</summary>
/// <param name="CertificateFile">PEM: the server's certificate, then what leads to its root; empty = the addresses of <c>Server:*</c> have no TLS.</param>
/// <param name="KeyFile">PEM: the certificate's private key, not encrypted.</param>
/// <param name="ClientCaFile">PEM: who may have signed clients' certificates; empty = clients show none.</param>
/// <param name="Addresses">The addresses with TLS, by their names.</param>
/// <param name="ClientAddresses">Those of them where clients must show a certificate.</param>
internal sealed record TlsSettings(
    string CertificateFile, string KeyFile, string ClientCaFile, IReadOnlySet<string> Addresses, IReadOnlySet<string> ClientAddresses)
{
    /// <summary>The settings of the addresses that may have TLS.</summary>
    public static IReadOnlyList<string> AddressNames { get; } = ["Grpc", "Http", "AdminGrpc", "AdminHttp"];

    public static TlsSettings None { get; } = new("", "", "", new HashSet<string>(), new HashSet<string>());

    /// <summary>Whether the addresses of <c>Server:*</c> have a certificate.</summary>
    public bool HasCertificate => CertificateFile.Length > 0;

    public bool HasClientCa => ClientCaFile.Length > 0;
}
