namespace Decision.Client.Calls;

/// <summary>Whom to ask next: each address in turn, those that do not answer only where no other is left.</summary>
internal sealed class EndpointRotation(IReadOnlyList<ServiceEndpoint> endpoints)
{
    private uint _turn;

    public int Count => endpoints.Count;

    /// <summary>The next address; null = all were tried.</summary>
    /// <param name="tried">A bit for each address that was tried; the answer's is added.</param>
    public ServiceEndpoint? Next(ref uint tried)
    {
        uint start = Interlocked.Increment(ref _turn);
        return Find(start, isPaused: false, ref tried) ?? Find(start, isPaused: true, ref tried);
    }

    private ServiceEndpoint? Find(uint start, bool isPaused, ref uint tried)
    {
        for (int offset = 0; offset < endpoints.Count; offset++)
        {
            int index = (int)((start + (uint)offset) % (uint)endpoints.Count);
            uint bit = 1u << index;
            if ((tried & bit) == 0 && endpoints[index].IsPaused == isPaused)
            {
                tried |= bit;
                return endpoints[index];
            }
        }

        return null;
    }
}
