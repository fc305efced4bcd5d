namespace Decision.Engine.Credentials;

/// <summary>CRC-32 as in IEEE 802.3 (reflected polynomial 0xEDB88320), over text that is ASCII.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = CreateTable();

    /// <summary>The checksum of the characters, each as one byte. The caller has made sure that all are ASCII.</summary>
    public static uint Compute(ReadOnlySpan<char> ascii)
    {
        uint crc = uint.MaxValue;
        foreach (char c in ascii)
        {
            crc = (crc >> 8) ^ Table[(byte)(crc ^ c)];
        }

        return ~crc;
    }

    private static uint[] CreateTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320u : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
