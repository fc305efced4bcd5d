using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Decision.Runtime.Hosting;
using Decision.Server.Configuration;
using Decision.Server.Hosting;

namespace Decision.Server.Tls;

/// <summary>
/// The certificates in force. A new file counts for every new connection, without a restart; one that is not sound changes nothing, so that
/// the server goes on with what it has.
/// </summary>
internal sealed class ServerCertificates : IReloadedFile, IStatusPart
{
    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";
    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    private readonly TlsSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private volatile TlsMaterial _current;
    private volatile string? _problem;
    private TlsFiles _taken;
    private string? _seen;

    /// <summary>Reads the files.</summary>
    /// <exception cref="SettingsException">They cannot be used.</exception>
    public ServerCertificates(TlsSettings settings, TimeProvider time, ILogger log)
    {
        (_settings, _time, _log) = (settings, time, log);
        string? problem = TlsFiles.Read(settings, out _taken);
        var material = problem is null ? TlsMaterial.Of(settings, in _taken, out problem) : null;
        _current = material ?? throw new SettingsException("Server:Tls: " + problem);
        WarnOfEnd(material);
    }

    /// <inheritdoc />
    public string Name => "certificates";

    /// <inheritdoc />
    public string? Problem => _problem ?? Ended(_current);

    /// <inheritdoc />
    public void Look()
    {
        string? problem = TlsFiles.Read(_settings, out var files);
        if (problem is null && files == _taken)
        {
            (_problem, _seen) = (null, null);
            return;
        }

        var material = problem is null ? TlsMaterial.Of(_settings, in files, out problem) : null;
        if (material is not null)
        {
            (_current, _taken, _problem, _seen) = (material, files, null, null);
            if (material.Certificate is { } certificate)
            {
                string end = EndOf(certificate);
                TlsLog.Renewed(_log, certificate.Subject, end);
            }
            else
            {
                TlsLog.ClientCaRenewed(_log, _settings.ClientCaFile);
            }

            WarnOfEnd(material);
            return;
        }

        // Certificate and key are two files: who replaces one has the other still to write. What stays so is told.
        if (_seen == problem && _problem != problem)
        {
            TlsLog.NotRenewed(_log, problem!);
            _problem = problem;
        }

        _seen = problem;
    }

    /// <summary>What a new connection goes by.</summary>
    /// <param name="requiresClient">Whether the client must show a certificate.</param>
    public SslServerAuthenticationOptions OptionsOf(bool requiresClient)
    {
        var current = _current;
        var options = new SslServerAuthenticationOptions { ServerCertificateContext = current.Server };
        if (requiresClient)
        {
            options.ClientCertificateRequired = true;
            options.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
            options.RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                certificate is X509Certificate2 shown && IsTrusted(current, shown, chain);
        }

        return options;
    }

    /// <summary>Whether a client's certificate was signed by one of those in <c>Server:Tls:ClientCaFile</c>, is for clients, and has not ended.</summary>
    public bool IsTrusted(X509Certificate2 shown, X509Chain? presented) => IsTrusted(_current, shown, presented);

    private static bool IsTrusted(TlsMaterial current, X509Certificate2 shown, X509Chain? presented)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(current.ClientRoots!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientUsage));
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(shown);
    }

    private void WarnOfEnd(TlsMaterial material)
    {
        if (material.Certificate is { } certificate && EndsAt(certificate) - _time.GetUtcNow() < Soon)
        {
            TlsLog.EndsSoon(_log, certificate.Subject, EndOf(certificate), _settings.CertificateFile);
        }
    }

    private string? Ended(TlsMaterial material) =>
        material.Certificate is { } certificate && EndsAt(certificate) < _time.GetUtcNow()
            ? $"The certificate in {_settings.CertificateFile} ended on {EndOf(certificate)}: renew it; it is read again at once."
            : null;

    private static DateTimeOffset EndsAt(X509Certificate2 certificate) => new(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);

    private static string EndOf(X509Certificate2 certificate) => EndsAt(certificate).ToString("u", CultureInfo.InvariantCulture);
}
