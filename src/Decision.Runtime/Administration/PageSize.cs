namespace Decision.Runtime.Administration;

/// <summary>How many entries a page has.</summary>
internal static class PageSize
{
    private const int Default = 100;
    private const int Most = 1000;

    /// <summary>0 = the default; more than the most = the most.</summary>
    public static int Read(int size) => size switch
    {
        < 0 => throw new AdministrationException("page_size", $"{size} is negative; write 1 to {Most}, or 0 for {Default}."),
        0 => Default,
        _ => Math.Min(size, Most),
    };
}
