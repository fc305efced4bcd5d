namespace Decision.Client.Calls;

/// <summary>Whom to ask next: each address in turn, those that do not answer only where no other is left.</summary>
internal sealed class EndpointRotation(ServiceEndpoint[] endpoints)
{
    private uint _turn;

    public int Count => endpoints.Length;

    /// <summary>The next address; null = all were tried.</summary>
    /// <param name="tried">A bit for each address that was tried; the answer's is added.</param>
    public ServiceEndpoint? Next(ref uint tried)
    {
        uint start = Interlocked.Increment(ref _turn);
        return Find(start, isPaused: false, ref tried) ?? Find(start, isPaused: true, ref tried);
    }

    /// <summary>As if <see cref="Next"/> had given it.</summary>
    public void MarkTried(ServiceEndpoint endpoint, ref uint tried) => tried |= 1u << Array.IndexOf(endpoints, endpoint);

    private ServiceEndpoint? Find(uint start, bool isPaused, ref uint tried)
    {
        for (int offset = 0; offset < endpoints.Length; offset++)
        {
            int index = (int)((start + (uint)offset) % (uint)endpoints.Length);
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
