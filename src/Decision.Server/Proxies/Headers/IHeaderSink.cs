namespace Decision.Server.Proxies.Headers;

/// <summary>Takes headers, one by one, whichever protocol carries them.</summary>
internal interface IHeaderSink
{
    /// <param name="name">The name, in lower case.</param>
    /// <param name="value">The value; visible ASCII and blanks alone.</param>
    void Add(string name, string value);
}
