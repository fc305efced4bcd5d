namespace Decision.Runtime.Stores;

/// <summary>Hears of changes in the store. Each member returns at once, never throws, and may be called by several threads.</summary>
public interface IChangeListener
{
    /// <summary>A key's record was written or removed, by any replica.</summary>
    void KeyChanged(string keyId);

    /// <summary>A policy, an API or an organisation was written or removed, by any replica.</summary>
    void DocumentsChanged();

    /// <summary>The connection stands, for the first time or again: anything may have been missed.</summary>
    void Connected();
}
