namespace Decision.Engine.Limits;

/// <summary>FNV-1a of 32 bits: any one changed byte changes it.</summary>
internal static class StateChecksum
{
    public const int Length = 4;
    public const uint Start = 2166136261;

    public static uint Add(uint sum, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            sum = unchecked((sum ^ value) * 16777619);
        }

        return sum;
    }
}
