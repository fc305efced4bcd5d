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
        if (certificate.Extensions.FirstOrDefault(extension => extension.Oid?.Value == SubjectAlternativeName) is { } extension)
        {
            Read(extension.RawData, names);
        }

        string common = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        if (common.Length > 0)
        {
            names.Add(common);
        }

        return [.. names.Select(name => name.ToLowerInvariant()).Distinct(StringComparer.Ordinal)];
    }

    private static void Read(byte[] extension, List<string> names)
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
        }
        catch (AsnContentException)
        {
            // A certificate whose names cannot be read tells no caller.
            names.Clear();
        }
    }
}
