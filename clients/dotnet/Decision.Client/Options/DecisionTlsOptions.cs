namespace Decision.Client;

/// <summary>Settings of TLS. Files are read again for each new connection, so that a renewed certificate needs no restart.</summary>
public sealed class DecisionTlsOptions
{
    /// <summary>A PEM file with the certificates that may have signed the service's, in place of the system's roots.</summary>
    /// <value>Default: null, the system's.</value>
    public string? CaFile { get; set; }

    /// <summary>A PEM file with the certificate by which this client is known, and what leads to its root. With <see cref="KeyFile"/>.</summary>
    /// <value>Default: null, none.</value>
    public string? CertificateFile { get; set; }

    /// <summary>A PEM file with the private key of <see cref="CertificateFile"/>, not encrypted.</summary>
    /// <value>Default: null, none.</value>
    public string? KeyFile { get; set; }

    /// <summary>The name that the service's certificate must have.</summary>
    /// <value>Default: null, the host of the address.</value>
    public string? ServerName { get; set; }

    internal bool IsSet => CaFile is not null || CertificateFile is not null || KeyFile is not null || ServerName is not null;
}
