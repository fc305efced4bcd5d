namespace Decision.Runtime.Stores;

/// <summary>Port for readiness: whether a part of the store answers.</summary>
public interface IStoreHealth
{
    /// <summary>The part, such as <c>sqlite</c>.</summary>
    string Part { get; }

    /// <summary>Null when it answers, else a sentence that says what fails; never throws.</summary>
    ValueTask<string?> CheckAsync(CancellationToken cancellation);
}
