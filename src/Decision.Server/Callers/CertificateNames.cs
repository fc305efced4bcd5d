using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Decision.Server.Callers;

/// <summary>The names by which a client certificate tells a caller: its DNS names and URIs (such as SPIFFE ids), then its common name.</summary>
internal static class CertificateNames
{
    private const string SubjectAlternativeName = "2.5.29.17";
    private const int DnsTag = 2;
    private const int UriTag = 6;

    /// <summary>All of them, in lower case.</summary>
    public static string[] Of(X509Certificate2? certificate)
    {
        if (certificate is null)
        {
            return [];
        }

        var names = new List<string>();
        if (certificate.Extensions.FirstOrDefault(extension => extension.Oid?.Value == SubjectAlternativeName) is { } extension
            && !TryRead(extension.RawData, names))
        {
            // Not by its common name either: it says that it has other names, and nobody can tell which.
            return [];
        }

        string common = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        if (common.Length > 0)
        {
            names.Add(common);
        }

        return [.. names.Select(name => name.ToLowerInvariant()).Distinct(StringComparer.Ordinal)];
    }

    private static bool TryRead(byte[] extension, List<string> names)
    {
        try
        {
            var sequence = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
            while (sequence.HasData)
            {
                var tag = sequence.PeekTag();
                if (tag.TagClass == TagClass.ContextSpecific && tag.TagValue is DnsTag or UriTag)
                {
                    names.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                }
                else
                {
                    sequence.ReadEncodedValue();
                }
            }

            return true;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }
}
