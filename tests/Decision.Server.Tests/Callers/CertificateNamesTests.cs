using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Decision.Server.Callers;

namespace Decision.Server.Tests.Callers;

/// <summary>By which names a client certificate tells a caller.</summary>
public class CertificateNamesTests
{
    private const string SubjectAlternativeName = "2.5.29.17";

    [Fact]
    public void Of_gives_DNS_names_URIs_and_the_common_name_in_lower_case_once()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("Edge.internal");
        names.AddUri(new Uri("spiffe://mesh/edge"));
        names.AddEmailAddress("nobody@example.com");
        using var certificate = Certificate("CN=EDGE.internal", names.Build());

        Assert.Equal(["edge.internal", "spiffe://mesh/edge"], CertificateNames.Of(certificate));
    }

    [Fact]
    public void Of_names_that_cannot_be_read_gives_none_not_even_the_common_name()
    {
        using var certificate = Certificate("CN=edge", new X509Extension(SubjectAlternativeName, [0x30, 0x05, 0x82, 0x7F, 0x61], false));

        Assert.Empty(CertificateNames.Of(certificate));
    }

    [Fact]
    public void Of_no_certificate_gives_none() => Assert.Empty(CertificateNames.Of(null));

    private static X509Certificate2 Certificate(string subject, X509Extension extension)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(extension);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
