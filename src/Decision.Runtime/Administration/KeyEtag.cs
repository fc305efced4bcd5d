using System.Globalization;

namespace Decision.Runtime.Administration;

/// <summary>A key's etag: its record's version, as text.</summary>
public static class KeyEtag
{
    /// <summary>16 hexadecimal digits.</summary>
    public static string Write(ulong version) => version.ToString("x16", CultureInfo.InvariantCulture);
}
