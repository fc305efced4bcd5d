namespace Decision.Runtime.Hosting;

/// <summary>A part of the server that readiness asks.</summary>
public interface IStatusPart
{
    /// <summary>The part, such as <c>files</c>.</summary>
    string Name { get; }

    /// <summary>Null when all is well, else a sentence that says what is wrong; never throws, never waits.</summary>
    string? Problem { get; }
}
