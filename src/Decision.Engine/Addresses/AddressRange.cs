namespace Decision.Engine.Addresses;

/// <summary>Addresses from the first to the last, both included.</summary>
internal readonly record struct AddressRange(UInt128 First, UInt128 Last)
{
    /// <summary>Sorted ranges that do not overlap and hold the same addresses.</summary>
    public static AddressRange[] Merge(List<AddressRange> ranges)
    {
        var merged = new List<AddressRange>(ranges.Count);
        foreach (var range in ranges.OrderBy(one => one.First))
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last)
            {
                merged[^1] = merged[^1] with { Last = UInt128.Max(merged[^1].Last, range.Last) };
            }
            else
            {
                merged.Add(range);
            }
        }

        return [.. merged];
    }

    /// <summary>Whether an address is in one of <paramref name="merged"/> ranges.</summary>
    public static bool Contains(AddressRange[] merged, UInt128 address)
    {
        int low = 0, high = merged.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (address < merged[middle].First)
            {
                high = middle - 1;
            }
            else if (address > merged[middle].Last)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }
}
